"""A bin of sixty clips as an editor's, and wishes for B-roll from it, in other words than its own.

Written for this bench by one hand: the bin first, then the wishes, none chosen by what it scores.
"""

from fractions import Fraction
from pathlib import Path

from longtake_bridge.footage.item import Footage, Said, Source

# File: what notes (n), markers (m), metadata (d) and transcripts (t) say of it.
_BIN = """
harbour_dawn_01.mov | n: Fishing boats leaving the quay, gulls
C0017.MP4 | n: old man mending a net on the pier
C0018.MP4 | n: crates of mackerel, ice being shovelled
ferry wide.mov | m: ramp goes down | m: lorries roll off
A001_C003.mxf | d: Market hall, vegetable stalls, handheld
A001_C004.mxf | d: Butcher wraps a joint of meat in paper
A001_C007.mxf | d: Two women haggle over the price of melons
bread_oven.mov | n: loaves come out, steam
kitchen_prep.mov | n: chef slices onions very fast, close
GH010021.MP4 | n: rider's view down the forest trail
GH010022.MP4 | n: crash, over the handlebars, no injury
drone_0007.mp4 | n: vineyard rows in autumn colours
drone_0009.mp4 | n: motorway junction at rush hour from high above
drone_0012.mp4 | n: the dam and the empty reservoir, cracked mud
IMG_4410.MOV | n: toddler takes first steps across the carpet
IMG_4415.MOV | n: grandmother blows out candles, everyone sings
IMG_4420.MOV | n: dog shakes itself dry by the lake
wedding_cam2_011.mov | m: rings | m: the kiss | n: church, back row
wedding_cam2_015.mov | n: speech by the best man, laughter
wedding_cam1_022.mov | n: first waltz, guests form a circle
B012_turbines.mov | n: wind farm on the ridge, time lapse of clouds
B013_panels.mov | n: roofers fit solar modules, ratchet sound
B015_coal.mov | n: excavator in the open-cast mine, dust
lab_pipette.mov | n: gloved hands fill sample tubes
lab_screen.mov | n: scientist stares at a graph, disappointed
server_room.mov | n: blinking lights in dark racks
office_late.mov | n: one lamp still lit, woman types alone at midnight
office_meeting.mov | n: colleagues argue round a whiteboard
commuters.mov | n: crowd on the underground platform, doors open
bus_rain.mov | n: drops run down the window, blurred street lamps
skatepark.mov | n: teenager lands a kickflip, friends cheer
choir.mov | n: children sing in the cathedral
busker.mov | n: street violinist, coins in the case
studio_drums.mov | n: drummer warms up, headphones on
ballet_barre.mov | n: girls stretch in front of the mirror
boxing_gym.mov | n: sparring in the ring, coach shouts
marathon_finish.mov | n: exhausted runner collapses past the line
football_kids.mov | n: under-tens miss a penalty, mud everywhere
hospital_corridor.mov | n: nurse pushes a bed at a run
dentist.mov | n: patient grips the armrest
vet.mov | n: bandaging a rabbit's paw
farm_milking.mov | n: cows in the parlour, machines on udders
farm_lambs.mov | n: newborn lamb struggles to stand
bees.mov | n: beekeeper lifts a comb, smoke
combine.mov | n: wheat harvest in golden evening light
flood_street.mov | n: cars up to their doors in brown water
fire_crew.mov | n: hoses on the burning warehouse
snow_plough.mov | n: clearing the pass before sunrise
lightning.mov | n: storm over the plain, three strikes
waves_rocks.mov | n: surf breaks on the cliff, slow motion
INT_mayor.mov | n: interview, office | t 12: We simply ran out of money for the schools. \
| t 40: Nobody wanted to close the swimming pool.
INT_fisher.mov | n: interview, on deck | t 8: My father taught me to read the sky. \
| t 55: There are hardly any cod left out there.
INT_nurse.mov | n: interview, staff room | t 20: We had to choose who got the ventilator. \
| t 71: I cried in the car every night.
INT_engineer.mov | n: interview, site | t 5: The bridge moves ten centimetres on a windy day. \
| t 33: Every bolt was checked twice.
INT_teacher.mov | n: interview, classroom | t 15: Half of them come without having had breakfast. \
| t 48: Reading aloud changed everything.
INT_farmer.mov | n: interview, barn | t 9: It has not rained since April. \
| t 62: I will be the last one here to keep cattle.
archive_1969.mov | d: crowds watch the moon landing in a shop window
archive_1989.mov | d: people climb the wall, hammers, embraces
logo_anim.mov | d: company logo, white, alpha
colour_bars.mov | d: test pattern, tone
"""

_SOURCES: dict[str, Source] = {"n": "note", "m": "marker", "d": "metadata"}

# A wish in other words, and what fits it.
_WISHES = """
trawlers heading out to sea at sunrise | harbour_dawn_01.mov
an elderly fisherman repairs his gear | C0017.MP4
freshly caught fish being packed | C0018.MP4
trucks drive off a ship | ferry wide.mov
shoppers bargaining about fruit | A001_C007.mxf
baking in the early morning | bread_oven.mov
a cook chops vegetables | kitchen_prep.mov
mountain biker falls off | GH010022.MP4
heavy traffic seen from the air | drone_0009.mp4
drought: a lake that has dried up | drone_0012.mp4
a baby learns to walk | IMG_4410.MOV
somebody's birthday party | IMG_4415.MOV
wet pet | IMG_4420.MOV
newlyweds dancing | wedding_cam1_022.mov
renewable energy on a roof | B013_panels.mov
fossil fuel extraction | B015_coal.mov
research has failed | lab_screen.mov
data centre | server_room.mov
working overtime, lonely | office_late.mov
a quarrel among co-workers | office_meeting.mov
passengers waiting for the subway | commuters.mov
a musician plays for passers-by | busker.mov
dancers practise | ballet_barre.mov
an athlete at the end of her strength | marathon_finish.mov
medical emergency | hospital_corridor.mov
afraid of having teeth pulled | dentist.mov
a baby animal just after birth | farm_lambs.mov
honey production | bees.mov
inundation in town | flood_street.mov
firefighters at work | fire_crew.mov
winter road service | snow_plough.mov
thunder and rain at night | lightning.mov
the sea crashing against a steep coast | waves_rocks.mov
budget cuts in education | INT_mayor.mov
overfishing, stocks are gone | INT_fisher.mov
how hospital staff suffered | INT_nurse.mov
structure swaying in a gale | INT_engineer.mov
hungry pupils | INT_teacher.mov
no water for the crops | INT_farmer.mov drone_0012.mp4
Apollo on television | archive_1969.mov
fall of the Berlin Wall | archive_1989.mov
grapes growing on a hillside | drone_0007.mp4
electricity from moving air | B012_turbines.mov
taking care of an injured animal | vet.mov
"""

# What this bin holds nothing for, some of it near by.
_NOTHING = """
astronauts repair a space station
a desert caravan of camels
penguins on the ice
a judge reads the verdict
robots weld car bodies
an opera singer takes a bow
a submarine dives
stock exchange, traders on the phone
making pottery on a wheel
a chess tournament
hot-air balloons over a valley
tigers hunting deer
a tailor sews a suit
casino, roulette wheel spins
volcano erupts at night
a soldier says goodbye to his family
voters queue at the polling station
coral reef, tropical fish
an aeroplane takes off
prisoners in a yard
a librarian sorts books
monks meditate in a temple
oil tanker in the ice
blacksmith at the anvil
surgeon washes his hands
tourists at the pyramids
a violin maker carves wood
horse race, jockeys
painting a portrait
refugees cross a river
"""


def footage() -> list[Footage]:
    """The bin."""
    return [_clip(line) for line in _BIN.replace("\\\n", "").strip().splitlines()]


def wishes() -> dict[str, frozenset[str]]:
    """Each wish, and the names of the clips that fit it: none, or one or two."""
    found = {}
    for line in _WISHES.strip().splitlines():
        wish, names = line.split(" | ")
        found[wish] = frozenset(_names_in(names))
    return found | {wish: frozenset() for wish in _NOTHING.strip().splitlines()}


def _names_in(text: str) -> list[str]:
    return [one.name for one in footage() if one.name in text]


def _clip(line: str) -> Footage:
    name, *notes = (part.strip() for part in line.split(" | "))
    words = Path(name).stem.replace("_", " ")
    said = [Said(words, "name"), *(_said(note) for note in notes)]
    return Footage(Path("/bin") / name, False, tuple(said))


def _said(note: str) -> Said:
    kind, text = note.split(": ", 1)
    if kind.startswith("t"):
        return Said(text, "transcript", Fraction(kind.split()[1]))
    return Said(text, _SOURCES[kind])
