"""Who speaks on one channel: voices found, words given to them, and which voice is the agent.

Two small networks run in onnxruntime: one says how many voices sound in each moment of a short
window, the other turns a stretch of one voice into a vector. `diarization.find_voices` is the
whole way from sound to voices; `naming.name_voices` the one from words to roles.
"""
