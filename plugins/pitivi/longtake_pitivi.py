"""Longtake in Pitivi: a button in the header with a panel under it."""

import gi

gi.require_version("Gtk", "3.0")
import longtake_edits  # noqa: E402
from gi.repository import GLib, GObject, Gtk, Peas  # noqa: E402 - the version comes first
from longtake_client import Longtake, command_beside  # noqa: E402
from longtake_edits import Problem, settings_for  # noqa: E402
from longtake_timeline import Spread, takes_of  # noqa: E402

_TICK_MS = 100
_COLUMNS = 4  # of the panel
_PANEL = (  # task, side, what stands on the button
    ("extend", "tail", "Extend tail"),
    ("extend", "head", "Extend head"),
    ("fill_gap", None, "Fill gap"),
    ("smooth_jump_cut", None, "Smooth jump cut"),
    ("slow_motion", None, "Slow motion"),
    ("remove", None, "Remove object"),
    ("outpaint", None, "Out-paint"),
    ("generate", None, "Generate B-roll"),
)
_AT_PLAYHEAD = ("generate",)  # whatever is selected
_FOLLOW = (("gap", "Only free room"), ("ripple", "Push what follows"), ("overwrite", "Lay over it"))


class Edits(longtake_edits.Edits):
    """As the class of that name says; also what shows the takes of a made clip."""

    def __init__(self, app):
        super().__init__(Longtake, "pitivi", command_beside(__file__))
        self.said = "Select a clip, then press."
        self._app = app

    def start(self, task, settings):
        """Begin an edit of the timeline as it lies now; says whether it has begun."""
        at_playhead = task in _AT_PLAYHEAD
        return super().start(task, settings, lambda: Spread(self._app, at_playhead))

    def next_take(self):
        """Show the next take of the selected clip."""
        clips = list(self._app.gui.editor.timeline_ui.timeline.selection)
        paths = takes_of(clips[0]) if len(clips) == 1 else []
        if not paths:
            self.said = "Select a clip that Longtake has made with several takes."
            return
        here = clips[0].props.uri
        number = next(
            (
                n
                for n, path in enumerate(paths)
                if here.endswith(
                    GLib.uri_escape_string(path.rsplit("/", 1)[-1], "!$&'()*+,;=:@", False)
                )
            ),
            0,
        )
        self.show_take(clips[0], number + 1)

    def show_take(self, clip, number):
        try:
            Spread(self._app).switch_take(clip, number)
        except Problem as problem:
            self.said, self.failed = str(problem), True
            return
        self.said = "Take {0} of {1}".format(number % len(takes_of(clip)) + 1, len(takes_of(clip)))


class LongtakePlugin(GObject.Object, Peas.Activatable):
    """What Pitivi switches on and off."""

    __gtype_name__ = "LongtakePlugin"
    object = GObject.Property(type=GObject.Object)

    def do_activate(self):
        self.edits = Edits(self.object.app)
        self._button = Gtk.MenuButton(label="Longtake")
        self._button.set_popover(self._make_panel())
        self._button.connect("toggled", lambda _: self.edits.open())
        self._button.show()
        self.object.app.gui.editor.headerbar.pack_end(self._button)
        self._timer = GLib.timeout_add(_TICK_MS, self._tick)
        self._quits = self.object.app.connect("shutdown", lambda _: self.edits.close(0.0))

    def do_deactivate(self):
        GLib.source_remove(self._timer)
        self.object.app.disconnect(self._quits)
        self.edits.close(0.0)  # which does not wait
        self._button.destroy()

    def _make_panel(self):
        popover, grid = Gtk.Popover(), Gtk.Grid(row_spacing=6, column_spacing=6, margin=12)
        self._length = Gtk.Entry(text="2s", width_chars=8)
        self._factor = Gtk.Entry(text="2", width_chars=8)
        self._takes = Gtk.SpinButton.new_with_range(1, 16, 1)
        self._follow = Gtk.ComboBoxText()
        for name, label in _FOLLOW:
            self._follow.append(name, label)
        self._follow.set_active(0)
        self._what = Gtk.Entry(width_chars=16, placeholder_text="logo, dust or X,Y,W,H")
        self._size = Gtk.Entry(text="1080x1920", width_chars=8)
        self._subject = Gtk.CheckButton(label="Go with the subject")
        self._show = Gtk.Entry(width_chars=16, placeholder_text="a still, or words")
        self._show.set_icon_from_icon_name(
            Gtk.EntryIconPosition.SECONDARY, "document-open-symbolic"
        )
        self._show.set_icon_tooltip_text(Gtk.EntryIconPosition.SECONDARY, "Choose a still")
        self._show.connect("icon-press", lambda *_: self._choose_still())
        fields = (
            ("Length", self._length),
            ("Times as long", self._factor),
            ("Where", self._follow),
            ("Takes", self._takes),
            ("New shape", self._size),
            ("", self._subject),
            ("What goes", self._what),
            ("B-roll of", self._show),
        )
        for place, (label, field) in enumerate(fields):  # side by side: it is to fit the window
            row, column = divmod(place, 2)
            grid.attach(Gtk.Label(label=label, xalign=0), 2 * column, row, 1, 1)
            grid.attach(field, 2 * column + 1, row, 1, 1)
        take = Gtk.Button(label="Next take")
        take.connect("clicked", lambda _: self.edits.next_take())
        self._stop = Gtk.Button(label="Cancel", sensitive=False)
        self._stop.connect("clicked", lambda _: self.edits.cancel())
        self._buttons = []
        for task, side, label in _PANEL:
            button = Gtk.Button(label=label)
            button.connect("clicked", lambda _, task=task, side=side: self.press(task, side))
            self._buttons.append((task, button))
        for place, button in enumerate([one for _, one in self._buttons] + [take, self._stop]):
            row, column = divmod(place, _COLUMNS)
            grid.attach(button, column, len(fields) // 2 + row, 1, 1)
        row = len(fields) // 2 + (len(self._buttons) + 1) // _COLUMNS + 1
        self._bar = Gtk.ProgressBar()
        grid.attach(self._bar, 0, row, _COLUMNS, 1)
        self._words = Gtk.Label(wrap=True, max_width_chars=60, xalign=0)
        grid.attach(self._words, 0, row + 1, _COLUMNS, 1)
        popover.add(grid)
        grid.show_all()
        return popover

    def _choose_still(self):
        window = self.object.app.gui
        chooser = Gtk.FileChooserNative.new(
            "Choose a still", window, Gtk.FileChooserAction.OPEN, None, None
        )
        pictures = Gtk.FileFilter()
        pictures.add_pixbuf_formats()
        chooser.set_filter(pictures)
        if chooser.run() == Gtk.ResponseType.ACCEPT:
            self._show.set_text(chooser.get_filename())
            self._show.set_position(-1)  # the name is at the end
        chooser.destroy()
        self._button.set_active(True)  # the dialog may have closed the panel

    def press(self, task, side):
        settings = settings_for(
            task,
            side or "tail",
            length=self._length.get_text(),
            duration=self._length.get_text(),
            show=self._show.get_text(),
            what=self._what.get_text(),
            factor=self._factor.get_text(),
            follow=self._follow.get_active_id(),
            size=self._size.get_text(),
            follow_subject=self._subject.get_active(),
            take_count=self._takes.get_value_as_int(),
        )
        self.edits.start(task, settings)

    def _tick(self):
        self.edits.tick()
        for task, button in self._buttons:
            button.set_visible(not self.edits.tasks or task in self.edits.tasks)
            button.set_sensitive(not self.edits.busy)
        self._stop.set_sensitive(self.edits.busy)
        self._bar.set_fraction(self.edits.share)
        if self._words.get_text() != self.edits.said:
            self._words.set_text(self.edits.said)
        return True
