"""The window beside an editor, in Tk."""

import os
import tkinter
from tkinter import filedialog, ttk

from longtake_desk import OF_ONE_CLIP, TASKS, notify

_TICK_MS = 100
_FACTORS = ("2", "3", "4", "8")
_IN_A_ROW = 3
_FOLLOW = (("Only free room", "gap"), ("Push what follows", "ripple"), ("Lay over it", "overwrite"))


def show(editor, edits):
    """The window for an editor, until it is closed."""
    root = tkinter.Tk(className="Longtake")
    root.title("Longtake for {0}".format(editor.title))
    root.resizable(True, False)
    Window(root, editor, edits)
    root.mainloop()


class Window(object):
    """Fields, a button for each task, and how it goes."""

    def __init__(self, root, editor, edits):
        self._root, self._editor, self._edits = root, editor, edits
        self._names = {}  # of clips for Longtake, by their labels
        self._was_busy = False
        self._project, self._clip = tkinter.StringVar(), tkinter.StringVar()
        self._length = tkinter.StringVar(value="2s")
        self._factor = tkinter.StringVar(value=_FACTORS[0])
        self._follow = tkinter.StringVar(value=_FOLLOW[0][0])
        self._said = tkinter.StringVar(value=self._first_words())
        self._frame = ttk.Frame(root, padding=12)
        self._frame.pack(fill="both", expand=True)
        self._frame.columnconfigure(1, weight=1)
        if not editor.selects:
            self._add_choices()
        self._add_field("Length", ttk.Entry, textvariable=self._length)
        self._add_field("Times slower", ttk.Combobox, textvariable=self._factor, values=_FACTORS)
        choices = [label for label, _ in _FOLLOW]
        self._add_field(
            "Where", ttk.Combobox, textvariable=self._follow, values=choices, state="readonly"
        )
        self._buttons = self._add_buttons()
        self._bar = ttk.Progressbar(self._frame, maximum=1.0)
        self._bar.grid(row=8, column=0, columnspan=3, sticky="ew", pady=(10, 4))
        words = ttk.Label(self._frame, textvariable=self._said, wraplength=430, justify="left")
        words.grid(row=9, column=0, columnspan=3, sticky="w")
        root.protocol("WM_DELETE_WINDOW", self._close)
        self._tick()

    def _first_words(self):
        if self._editor.selects:
            return "Select a clip on {0}'s timeline, then press.".format(self._editor.title)
        return "Save the project in {0}, choose a clip, then press.".format(self._editor.title)

    def _add_choices(self):
        self._projects = self._add_field("Project", ttk.Combobox, textvariable=self._project)
        self._projects.configure(values=self._editor.projects())
        more = ttk.Button(self._frame, text="…", width=3, command=self._browse)
        more.grid(row=0, column=2)
        self._clips = self._add_field(
            "Clip", ttk.Combobox, textvariable=self._clip, state="readonly"
        )
        self._clips.configure(postcommand=self._list_clips)
        self._projects.bind("<<ComboboxSelected>>", lambda _: self._clip.set(""))
        self._project.set(next(iter(self._editor.projects()), ""))

    def _add_field(self, label, kind, **options):
        row = self._frame.grid_size()[1]
        ttk.Label(self._frame, text=label).grid(row=row, column=0, sticky="w", padx=(0, 8))
        field = kind(self._frame, width=44, **options)
        field.grid(row=row, column=1, sticky="ew", pady=2)
        return field

    def _add_buttons(self):
        row = ttk.Frame(self._frame)
        row.grid(row=7, column=0, columnspan=3, sticky="ew", pady=(10, 0))
        buttons = []
        for place, (task, side, title) in enumerate(TASKS):
            press = lambda task=task, side=side: self._press(task, side)  # noqa: E731 - a closure
            buttons.append(ttk.Button(row, text=title, command=press))
            where = {"row": place // _IN_A_ROW, "column": place % _IN_A_ROW}
            buttons[-1].grid(padx=(0, 6), pady=(0, 6), sticky="ew", **where)
        self._stop = ttk.Button(row, text="Cancel", command=self._edits.cancel, state="disabled")
        last = len(TASKS)
        where = {"row": last // _IN_A_ROW, "column": last % _IN_A_ROW}
        self._stop.grid(padx=(0, 6), pady=(0, 6), sticky="ew", **where)
        for column in range(_IN_A_ROW):
            row.columnconfigure(column, weight=1, uniform="buttons")
        return buttons

    def _browse(self):
        found = filedialog.askopenfilename(initialdir=os.path.dirname(self._project.get()))
        if found:
            self._project.set(found)
            self._clip.set("")

    def _list_clips(self):
        self._names = dict(self._editor.clips(self._project.get()))
        self._clips.configure(values=list(self._names))

    def _press(self, task, side):
        settings = {"follow": dict(_FOLLOW)[self._follow.get()]} if task in OF_ONE_CLIP else {}
        if task == "extend":
            settings[side] = self._length.get()
        elif task == "slow_motion":
            settings["factor"] = self._factor.get()
        self._said.set("Saving the project")
        self._root.update_idletasks()
        clip = self._names.get(self._clip.get())
        self._edits.start(task, settings, self._project.get() or None, clip)
        self._was_busy = True

    def _tick(self):
        self._edits.tick()
        busy = self._edits.busy
        for button in self._buttons:
            button.configure(state="disabled" if busy else "normal")
        self._stop.configure(state="normal" if busy else "disabled")
        self._bar.configure(value=self._edits.share)
        if busy or self._was_busy:
            self._said.set(self._edits.said)
        if self._was_busy and not busy:
            notify(self._edits.said)
        self._was_busy = busy
        self._root.after(_TICK_MS, self._tick)

    def _close(self):
        self._edits.cancel()
        self._root.destroy()
