"""What is seen of Longtake in Blender: a menu, a panel, a line in the header, and their buttons."""

import bpy
from bpy.app.handlers import persistent

from .choice import given_settings, settings_of
from .edit import Edits, window_of
from .longtake_edits import Problem
from .strip import sequencer_scene
from .take import show_take, takes_of
from .timeline import Spread

edits = Edits()
_ICONS = {
    "extend": "FORWARD",
    "fill_gap": "SNAP_MIDPOINT",
    "smooth_jump_cut": "IPO_EASE_IN_OUT",
    "slow_motion": "TIME",
    "remove": "X",
    "outpaint": "FULLSCREEN_ENTER",
    "generate": "RENDER_ANIMATION",
}
_FIELDS = {  # that one task alone asks for
    "remove": ("what",),
    "outpaint": ("size", "follow_subject"),
    "generate": ("still",),
}
_offered = []  # Blender keeps no reference to the texts of a list that is made as it is shown


def _models(choice, context):
    _offered[:] = [
        ("auto", "Automatic", "Longtake tries its models on the clip and takes the best")
    ]
    _offered.extend((one["name"], one["name"], one["description"]) for one in edits.models)
    return _offered


class LongtakeChoice(bpy.types.PropertyGroup):
    """What the panel's fields hold; of the session, not of a file."""

    length_s: bpy.props.FloatProperty(
        name="Length",
        description="How much longer",
        default=1.0,
        min=0.04,
        soft_max=10.0,
        subtype="TIME_ABSOLUTE",
        unit="TIME_ABSOLUTE",
    )
    factor: bpy.props.FloatProperty(
        name="Slower", description="How many times as long", default=2.0, min=1.01, soft_max=8.0
    )
    follow: bpy.props.EnumProperty(
        name="What follows",
        items=(
            ("gap", "Use free room", "Only as far as nothing lies in the way"),
            ("ripple", "Push along", "Push what follows later, on all channels"),
            ("overwrite", "Lay over", "Lay the new frames over what follows"),
        ),
    )
    quality: bpy.props.EnumProperty(
        name="Quality",
        items=(("draft", "Draft", ""), ("standard", "Standard", ""), ("best", "Best", "")),
        default="standard",
    )
    model: bpy.props.EnumProperty(name="Model", items=_models)
    take_count: bpy.props.IntProperty(name="Takes", default=1, min=1, max=16)
    what: bpy.props.StringProperty(
        name="What goes",
        description="logo, dust, scratches, spots, a box X,Y,W,H or a point X,Y in pixels of the"
        " file's picture at the playhead, or the path of a mask; several parted by ;",
    )
    size: bpy.props.StringProperty(
        name="New shape", description="Width and height of the picture", default="1080x1920"
    )
    follow_subject: bpy.props.BoolProperty(
        name="Follow", description="Go with the subject, before anything is made beside it"
    )
    still: bpy.props.StringProperty(
        name="Still", description="A picture for the camera to move over", subtype="FILE_PATH"
    )
    prompt: bpy.props.StringProperty(name="Prompt", description="What should be seen")
    negative_prompt: bpy.props.StringProperty(name="Not", description="What should not be seen")


class LongtakePreferences(bpy.types.AddonPreferences):
    bl_idname = __package__

    command: bpy.props.StringProperty(
        name="Longtake",
        description="What starts Longtake; empty: as installed, or from the search path",
    )

    def draw(self, context):
        self.layout.prop(self, "command")


class LONGTAKE_OT_edit(bpy.types.Operator):
    """Make new frames at the active strip; the editor stays usable meanwhile"""

    bl_idname = "longtake.edit"
    bl_label = "Longtake"

    task: bpy.props.StringProperty(options={"HIDDEN"})
    side: bpy.props.StringProperty(default="tail", options={"HIDDEN"})
    settings: bpy.props.StringProperty(
        description="JSON of the settings of `longtake host`, before those of the panel",
        options={"HIDDEN", "SKIP_SAVE"},
    )

    @classmethod
    def poll(cls, context):
        scene = sequencer_scene(context)
        return scene is not None and scene.sequence_editor is not None and not edits.busy

    def execute(self, context):
        scene = sequencer_scene(context)
        rate = scene.render.fps / scene.render.fps_base
        choice = context.window_manager.longtake
        settings = settings_of(choice, self.task, self.side, rate, bpy.path.abspath)
        try:
            given = given_settings(self.settings)
        except Problem as problem:
            self.report({"WARNING"}, str(problem))
            return {"CANCELLED"}
        if given.keys() & {"head", "tail"}:
            settings.pop(self.side, None)
        if not edits.start(self.task, dict(settings, **given), lambda: Spread(scene)):
            self.report({"WARNING"}, edits.said)
            return {"CANCELLED"}
        return {"FINISHED"}


class LONGTAKE_OT_look(bpy.types.Operator):
    """Look for Longtake once more"""

    bl_idname = "longtake.look"
    bl_label = "Look again"

    def execute(self, context):
        edits.said, edits.failed = "", False
        return {"FINISHED"}


class LONGTAKE_OT_cancel(bpy.types.Operator):
    """End the edit that is under way"""

    bl_idname = "longtake.cancel"
    bl_label = "Cancel"

    def execute(self, context):
        edits.cancel()
        return {"FINISHED"}


class LONGTAKE_OT_place(bpy.types.Operator):
    """Put what was made on the timeline"""

    bl_idname = "longtake.place"
    bl_label = "Longtake"
    bl_options = {"UNDO", "INTERNAL"}

    def execute(self, context):
        if not edits.place():
            return {"CANCELLED"}
        self.report({"INFO"}, edits.said)
        return {"FINISHED"}


class LONGTAKE_OT_take(bpy.types.Operator):
    """Show another take in the active strip and in its sound"""

    bl_idname = "longtake.take"
    bl_label = "Show take"
    bl_options = {"REGISTER", "UNDO"}

    number: bpy.props.IntProperty(name="Take", description="1 is the best", default=1, min=1)

    @classmethod
    def poll(cls, context):
        return bool(takes_of(_active(context))[0])

    def execute(self, context):
        strip = _active(context)
        takes, _ = takes_of(strip)
        try:
            number = min(self.number, len(takes)) - 1
            show_take(sequencer_scene(context).sequence_editor, strip, number)
        except Problem as problem:
            self.report({"ERROR"}, str(problem))
            return {"CANCELLED"}
        return {"FINISHED"}


class LONGTAKE_MT_menu(bpy.types.Menu):
    bl_label = "Longtake"

    def draw(self, context):
        _draw_tasks(self.layout)
        if edits.busy:
            self.layout.operator("longtake.cancel", icon="CANCEL")


class LONGTAKE_PT_panel(bpy.types.Panel):
    bl_label = "Longtake"
    bl_category = "Longtake"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"

    def draw(self, context):
        layout, choice = self.layout, context.window_manager.longtake
        layout.use_property_split, layout.use_property_decorate = True, False
        _draw_tasks(layout.column(align=True))
        column = layout.column()
        names = ["length_s", "factor", "follow", "take_count", "model", "quality"]
        for task, fields in _FIELDS.items():
            names += fields if task in (edits.tasks or ()) else ()
        for name in names:
            column.prop(choice, name)
        if edits.takes_prompt or "generate" in (edits.tasks or ()):
            column.prop(choice, "prompt")
            column.prop(choice, "negative_prompt")
        takes, shown = takes_of(_active(context))
        if len(takes) > 1:
            row = layout.row(align=True)
            row.label(text="Take")
            for number in range(len(takes)):
                label = str(number + 1)
                show = row.operator("longtake.take", text=label, depress=number == shown)
                show.number = number + 1
        if edits.busy:
            _draw_progress(layout)
        _draw_sentence(layout, context.region.width)


def _draw_tasks(layout):
    if edits.tasks is None:
        if edits.failed:
            layout.operator("longtake.look", icon="FILE_REFRESH")
        else:
            layout.label(text="Looking for Longtake", icon="SORTTIME")
            if not bpy.app.timers.is_registered(_wake):
                bpy.app.timers.register(_wake)  # not while drawing
        return
    layout.operator_context = "EXEC_DEFAULT"
    for task, side, text in edits.buttons:
        icon = "BACK" if side == "head" else _ICONS.get(task, "SEQUENCE")
        button = layout.operator("longtake.edit", text=text, icon=icon)
        button.task, button.side = task, side


def _draw_progress(layout):
    row = layout.row(align=True)
    text = "{0:.0%}".format(edits.share)
    if hasattr(row, "progress"):  # since 4.0
        row.progress(factor=edits.share, text=text)
    else:
        row.label(text="Longtake " + text, icon="SORTTIME")
    row.operator("longtake.cancel", text="", icon="X")


def _draw_sentence(layout, width):
    """The newest sentence, broken into lines."""
    scale = bpy.context.preferences.system.ui_scale or 1.0  # 0 where there is no window
    room, line = max(int(width / (7.0 * scale)), 20), ""
    column = layout.column(align=True)
    column.alert = edits.failed
    for word in edits.said.split() + [""]:
        if not word or len(line) + len(word) > room:
            if line:
                column.label(text=line)
            line = ""
        line = (line + " " + word).strip()


def _draw_menu(self, context):
    self.layout.separator()
    self.layout.menu("LONGTAKE_MT_menu")


def _draw_header(self, context):
    if edits.busy:
        _draw_progress(self.layout)


def _wake():
    if edits.tasks is None and not edits.failed:
        edits.open()


def _active(context):
    editor = getattr(sequencer_scene(context), "sequence_editor", None)
    return editor.active_strip if editor is not None else None


def _redraw():
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                area.tag_redraw()


def _tell(sentence):
    print("Longtake:", sentence)
    if bpy.app.background:
        return

    def draw(self, context):
        _draw_sentence(self.layout, 500)

    with window_of(""):
        bpy.context.window_manager.popup_menu(draw, title="Longtake", icon="ERROR")


@persistent
def _on_load(*_):
    """Another file is opened: the timeline of the edit goes."""
    edits.cancel()


_CLASSES = (
    LongtakeChoice,
    LongtakePreferences,
    LONGTAKE_OT_edit,
    LONGTAKE_OT_look,
    LONGTAKE_OT_cancel,
    LONGTAKE_OT_place,
    LONGTAKE_OT_take,
    LONGTAKE_MT_menu,
    LONGTAKE_PT_panel,
)


def register():
    for one in _CLASSES:
        bpy.utils.register_class(one)
    bpy.types.WindowManager.longtake = bpy.props.PointerProperty(type=LongtakeChoice)
    bpy.types.SEQUENCER_MT_strip.append(_draw_menu)
    bpy.types.SEQUENCER_HT_header.append(_draw_header)
    bpy.app.handlers.load_pre.append(_on_load)
    edits.tell, edits.redraw = _tell, _redraw


def unregister():
    edits.close()
    if bpy.app.timers.is_registered(_wake):
        bpy.app.timers.unregister(_wake)
    bpy.app.handlers.load_pre.remove(_on_load)
    bpy.types.SEQUENCER_HT_header.remove(_draw_header)
    bpy.types.SEQUENCER_MT_strip.remove(_draw_menu)
    del bpy.types.WindowManager.longtake
    for one in reversed(_CLASSES):
        bpy.utils.unregister_class(one)
