"""Floor 3, sound: a recording goes in, turns with words and times come out.

Pure: values in, values out; no database, no network; `speech.weights` fetches through core.
The top function is `speech.hearing.hear`.
"""
