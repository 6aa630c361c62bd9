"""The window beside an editor, in Tk."""

import os
import tkinter
from tkinter import filedialog, ttk

from longtake_desk import TASKS, WHAT_GOES, WHAT_SHOWS, notify
from longtake_edits import settings_for

_TICK_MS = 100
_FACTORS = ("2", "3", "4", "8")
_IN_A_ROW = 3
_WIDTH = 4  # columns: two fields side by side, each with its label
_FOLLOW = (("Only free room", "gap"), ("Push what follows", "ripple"), ("Lay over it", "overwrite"))
_STILLS = (("Stills", "*.png *.jpg *.jpeg *.tif *.tiff *.webp *.bmp"), ("All files", "*"))


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
        self._said = tkinter.StringVar(value=self._first_words())
        self._frame = ttk.Frame(root, padding=12)
        self._frame.pack(fill="both", expand=True)
        for column in range(1, _WIDTH, 2):
            self._frame.columnconfigure(column, weight=1)
        if not editor.selects:
            self._add_choices()
        self._add_fields()
        self._buttons = self._add_buttons()
        self._bar = ttk.Progressbar(self._frame, maximum=1.0)
        self._add_line(self._bar, pady=(10, 4))
        self._add_line(
            ttk.Label(self._frame, textvariable=self._said, wraplength=560, justify="left")
        )
        root.protocol("WM_DELETE_WINDOW", self._close)
        self._edits.open()  # what can be done here is known by the time something is chosen
        self._tick()

    def _first_words(self):
        if self._editor.selects:
            return "Select a clip on {0}'s timeline, then press.".format(self._editor.title)
        return "Save the project in {0}, choose a clip, then press.".format(self._editor.title)

    def _add_choices(self):
        self._projects = self._add_field("Project", ttk.Combobox, wide=True, text=self._project)
        self._projects.configure(values=self._editor.projects())
        self._add_more(self._browse)
        self._clips = self._add_field("Clip", ttk.Combobox, wide=True, text=self._clip)
        self._clips.configure(postcommand=self._list_clips, state="readonly")
        self._projects.bind("<<ComboboxSelected>>", lambda _: self._clip.set(""))
        self._project.set(next(iter(self._editor.projects()), ""))

    def _add_fields(self):
        self._length, self._factor = self._variable("2s"), self._variable(_FACTORS[0])
        self._follow, self._size = self._variable(_FOLLOW[0][0]), self._variable("1080x1920")
        self._subject = tkinter.BooleanVar()
        self._what, self._shown, self._playhead = (self._variable("") for _ in range(3))
        self._add_field("Length", ttk.Entry, text=self._length)
        slower = self._add_field("Times as long", ttk.Combobox, second=True, text=self._factor)
        slower.configure(values=_FACTORS)
        where = self._add_field("Where", ttk.Combobox, text=self._follow)
        where.configure(values=[label for label, _ in _FOLLOW], state="readonly")
        self._add_field("New shape", ttk.Entry, second=True, text=self._size)
        subject = ttk.Checkbutton(self._frame, text="Go with the subject", variable=self._subject)
        if self._editor.selects:  # and says where its playhead stands
            subject.grid(row=self._next_row(), column=3, columnspan=2, sticky="w")
        else:
            self._add_field("Playhead at", ttk.Entry, text=self._playhead)
            subject.grid(row=self._next_row() - 1, column=3, columnspan=2, sticky="w")
        self._add_field("What goes", ttk.Entry, wide=True, text=self._what)
        self._add_hint(WHAT_GOES)
        self._add_field("B-roll of", ttk.Entry, wide=True, text=self._shown)
        self._add_more(self._choose_still)
        self._add_hint(WHAT_SHOWS)

    def _variable(self, value):
        return tkinter.StringVar(value=value)

    def _next_row(self):
        return self._frame.grid_size()[1]

    def _add_field(self, label, kind, text, wide=False, second=False):
        """A field in a row of its own, over all of it where `wide`; or `second` in the last row."""
        row, column = (self._next_row() - 1, 2) if second else (self._next_row(), 0)
        before = 12 if second else 0
        name = ttk.Label(self._frame, text=label)
        name.grid(row=row, column=column, sticky="w", padx=(before, 8))
        field = kind(self._frame, width=18, textvariable=text)
        span = _WIDTH - 1 if wide else 1
        field.grid(row=row, column=column + 1, columnspan=span, sticky="ew", pady=2)
        return field

    def _add_more(self, choose):
        """A button that chooses a file for the field that is last."""
        more = ttk.Button(self._frame, text="…", width=3, command=choose)
        more.grid(row=self._next_row() - 1, column=_WIDTH)

    def _add_hint(self, text):
        """Small words under the field that is last."""
        hint = ttk.Label(self._frame, text=text, foreground="gray40", font="TkSmallCaptionFont")
        hint.grid(row=self._next_row(), column=1, columnspan=_WIDTH, sticky="w")

    def _add_line(self, what, pady=0):
        row = self._next_row()
        what.grid(row=row, column=0, columnspan=_WIDTH + 1, sticky="ew", pady=pady)

    def _add_buttons(self):
        row = ttk.Frame(self._frame)
        self._add_line(row, pady=(10, 0))
        buttons = []
        for task, side, title in TASKS:
            press = lambda task=task, side=side: self._press(task, side)  # noqa: E731 - a closure
            buttons.append((task, ttk.Button(row, text=title, command=press)))
        self._stop = ttk.Button(row, text="Cancel", command=self._edits.cancel, state="disabled")
        for place, button in enumerate([one for _, one in buttons] + [self._stop]):
            where = {"row": place // _IN_A_ROW, "column": place % _IN_A_ROW}
            button.grid(padx=(0, 6), pady=(0, 6), sticky="ew", **where)
        for column in range(_IN_A_ROW):
            row.columnconfigure(column, weight=1, uniform="buttons")
        return buttons

    def _browse(self):
        found = filedialog.askopenfilename(initialdir=os.path.dirname(self._project.get()))
        if found:
            self._project.set(found)
            self._clip.set("")

    def _choose_still(self):
        found = filedialog.askopenfilename(title="Choose a still", filetypes=_STILLS)
        if found:
            self._shown.set(found)

    def _list_clips(self):
        self._names = dict(self._editor.clips(self._project.get()))
        self._clips.configure(values=list(self._names))

    def _press(self, task, side):
        settings = settings_for(
            task,
            side or "tail",
            length=self._length.get(),
            duration=self._length.get(),
            what=self._what.get(),
            show=self._shown.get(),
            factor=self._factor.get(),
            follow=dict(_FOLLOW)[self._follow.get()],
            size=self._size.get(),
            follow_subject=self._subject.get() or None,
        )
        self._said.set("Saving the project")
        self._root.update_idletasks()
        clip = self._names.get(self._clip.get())
        playhead = self._playhead.get().strip() or None
        self._edits.start(task, settings, self._project.get() or None, clip, playhead)
        self._was_busy = True

    def _tick(self):
        self._edits.tick()
        busy, able = self._edits.busy, self._edits.tasks
        for task, button in self._buttons:
            possible = able is None or task in able
            button.configure(state="normal" if possible and not busy else "disabled")
        self._stop.configure(state="normal" if busy else "disabled")
        self._bar.configure(value=self._edits.share)
        if busy or self._was_busy or self._edits.failed:
            self._said.set(self._edits.said)
        if self._was_busy and not busy:
            notify(self._edits.said)
        self._was_busy = busy
        self._root.after(_TICK_MS, self._tick)

    def _close(self):
        self._edits.cancel()
        self._root.destroy()
