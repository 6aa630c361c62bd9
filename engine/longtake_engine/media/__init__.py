"""Pictures and sound in and out of files, through FFmpeg: the only room that imports av.

`probe` says what a file holds, `VideoReader` and `SoundReader` stream it, `MediaWriter` writes.
"""
