"""Floor 3, sound: a recording goes in, turns with words and times come out.

Pure: values in, values out; no database, and no network except in `speech.weights`.
The top function is `speech.hearing.hear`.
"""
