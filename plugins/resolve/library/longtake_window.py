"""Longtake's window in Resolve: what to do, how much, and how far it is.

Made with the UI manager, which some free editions no longer give to scripts; the entries of the
submenu "Without window" do without.
"""

import os

from longtake_edits import settings_for
from longtake_resolve import connect, open_edits
from longtake_timeline import Spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from longtake_edits import Edits

_WINDOW = "LongtakeWindow"
_TICK_MS = 100
_AMOUNTS = {
    "extend": "1s",
    "slow_motion": "2",
    "remove": "logo",
    "outpaint": "1080x1920",
    "generate": "4s",
}
_HINTS = {
    "extend": "How much: 1s, 24f",
    "slow_motion": "How many times as long: 2",
    "remove": "What: logo, dust, scratches, spots, X,Y,W,H or a mask",
    "outpaint": "The new picture: 1080x1920; it follows what moves",
    "generate": "How long, from the playhead: 4s; a prompt or a still's path below",
    "fill_gap": "The gap after the clip",
    "smooth_jump_cut": "The cut after the clip",
}


def show(resolve: "Any", fusion: "Any", bmd: "Any") -> None:
    """The window, until it is closed; what then runs is cancelled."""
    ui = getattr(fusion, "UIManager", None)
    if not ui:
        print(
            "This Resolve gives scripts no windows; use the entries of the menu "
            "Workspace, Scripts, Longtake, Without window."
        )
        return
    dispatcher = bmd.UIDispatcher(ui)
    window = _Window(resolve, open_edits(resolve), ui, dispatcher)
    window.run()


class _Window(object):
    def __init__(self, resolve: "Any", edits: "Edits", ui: "Any", dispatcher: "Any") -> None:
        self._resolve, self._edits, self._ui, self._dispatcher = resolve, edits, ui, dispatcher
        self._names: "list" = []
        self._window = dispatcher.AddWindow(
            {"ID": _WINDOW, "WindowTitle": "Longtake", "Geometry": [200, 200, 420, 260]},
            self._layout(),
        )
        self._items = self._window.GetItems()
        self._items["Side"].AddItems(["after the clip", "before the clip"])
        self._timer = ui.Timer({"ID": "Tick", "Interval": _TICK_MS})
        self._window.On[_WINDOW].Close = lambda event: dispatcher.ExitLoop()
        self._window.On["Start"].Clicked = lambda event: self._start()
        self._window.On["Cancel"].Clicked = lambda event: edits.cancel()
        self._window.On["Task"].CurrentIndexChanged = lambda event: self._choose()
        dispatcher["On"].Timeout = lambda event: self._tick()

    def run(self) -> None:
        self._edits.open()
        self._window.Show()
        self._timer.Start()
        try:
            self._dispatcher.RunLoop()
        finally:
            self._timer.Stop()
            self._window.Hide()
            self._edits.close(timeout_s=20.0)

    def _layout(self) -> "Any":
        ui = self._ui
        return ui.VGroup(
            [
                ui.ComboBox({"ID": "Task", "Weight": 0}),
                ui.HGroup(
                    {"Weight": 0},
                    [
                        ui.LineEdit({"ID": "Amount", "PlaceholderText": _HINTS["extend"]}),
                        ui.ComboBox({"ID": "Side"}),
                    ],
                ),
                ui.LineEdit({"ID": "Prompt", "PlaceholderText": "Prompt", "Weight": 0}),
                ui.HGroup(
                    {"Weight": 0},
                    [
                        ui.Label({"Text": "Takes", "Weight": 0}),
                        ui.SpinBox({"ID": "Takes", "Minimum": 1, "Maximum": 16, "Value": 1}),
                        ui.CheckBox({"ID": "Cover", "Text": "Over what follows"}),
                    ],
                ),
                ui.Label({"ID": "Said", "Text": "Starting Longtake", "WordWrap": True}),
                ui.HGroup(
                    {"Weight": 0},
                    [
                        ui.Button({"ID": "Start", "Text": "Start", "Enabled": False}),
                        ui.Button({"ID": "Cancel", "Text": "Cancel", "Enabled": False}),
                    ],
                ),
            ]
        )

    def _tick(self) -> None:
        edits = self._edits
        edits.tick()
        if edits.tasks and not self._names:
            self._names = [name for name in edits.tasks if name in _HINTS]
            self._items["Task"].AddItems([edits.tasks[name] for name in self._names])
            self._items["Said"].Text = "Select a clip."
            self._choose()
        elif edits.said:
            share = "" if not edits.busy or not edits.share else "{0:.0%} ".format(edits.share)
            self._items["Said"].Text = share + edits.said
        self._items["Start"].Enabled = bool(self._names) and not edits.busy
        self._items["Cancel"].Enabled = edits.busy

    def _choose(self) -> None:
        task = self._task()
        self._items["Amount"].Text = _AMOUNTS.get(task, "")
        self._items["Amount"].PlaceholderText = _HINTS.get(task, "")
        self._items["Amount"].Enabled = task in _AMOUNTS

    def _task(self) -> str:
        index = int(self._items["Task"].CurrentIndex or 0)
        return self._names[index] if 0 <= index < len(self._names) else ""

    def _start(self) -> None:
        items, task = self._items, self._task()
        side = "head" if int(items["Side"].CurrentIndex or 0) == 1 else "tail"
        amount = str(items["Amount"].Text or "").strip()
        prompt = str(items["Prompt"].Text or "").strip()
        still = prompt if task == "generate" and os.path.isfile(prompt) else None
        settings = settings_for(
            task,
            side,
            length=amount,
            factor=amount,
            what=amount,
            size=amount,
            follow_subject=True,
            duration=amount,
            stills=[still] if still else None,
            follow="overwrite" if items["Cover"].Checked else None,
            take_count=int(items["Takes"].Value),
            prompt=None if still else prompt,
        )
        self._edits.start(task, settings, lambda: Spread(self._resolve))


if __name__ == "__main__":  # from outside: Resolve Studio alone takes that
    import DaVinciResolveScript as script

    outside = connect()
    show(outside, outside.Fusion(), script)
