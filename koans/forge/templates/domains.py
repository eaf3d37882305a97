"""What the templates' programs are about: things with their texts and numbers, and the words of small programs."""

from __future__ import annotations

from dataclasses import dataclass

from sleepy.koans import words


@dataclass(frozen=True, slots=True)
class Domain:
    """A thing, its plural, the fields that hold texts and those that hold numbers."""

    type: str
    plural: str
    texts: tuple[str, ...]
    numbers: tuple[str, ...]


def _domain(row: str) -> Domain:
    name, plural, texts, numbers = (part.split() for part in row.split("|"))
    return Domain(name[0], plural[0], tuple(texts), tuple(numbers))


DOMAINS = tuple(
    _domain(row)
    for row in """
    Parcel|parcels|label sender city|weight zone stamps
    Kettle|kettles|brand color model|liters watts minutes
    Ticket|tickets|title holder seat|price row priority
    Recipe|recipes|name author cuisine|servings minutes calories
    Song|songs|title artist album|seconds plays year
    Sensor|sensors|name unit place|reading interval pin
    Player|players|name team nickname|score level lives
    Invoice|invoices|customer note currency|amount days number
    Plant|plants|species pot owner|height age leaves
    Train|trains|line driver origin|cars speed delay
    Robot|robots|name model maker|battery arms speed
    Employee|employees|name role office|salary age floor
    Student|students|name major email|grade year credits
    Book|books|title author genre|pages year copies
    Car|cars|brand plate color|doors speed mileage
    Dog|dogs|name breed owner|age weight tricks
    Cat|cats|name color mood|age lives naps
    User|users|name email city|age points logins
    Order|orders|customer item status|quantity total id
    Product|products|name category maker|price stock rating
    Message|messages|sender body channel|size priority id
    Task|tasks|title owner status|hours priority points
    Device|devices|name vendor address|port uptime volts
    Planet|planets|name star kind|mass moons radius
    City|cities|name country mayor|population area height
    Machine|machines|name plant maker|hours load parts
    Server|servers|host region owner|port cores load
    Config|configs|path theme host|width retries timeout
    Packet|packets|source target payload|size hops ttl
    Tree|trees|species place bark|height rings age
    Garden|gardens|owner soil street|beds area hoses
    Room|rooms|name color guest|floor beds price
    Flight|flights|code pilot gate|seats fuel delay
    Menu|menus|title chef drink|price dishes day
    Shape|shapes|name color label|sides width height
    Coin|coins|name metal country|value year grams
    Ship|ships|name captain port|crew cargo speed
    Lamp|lamps|color place switch|watts hours lumens
    Pizza|pizzas|name sauce size|slices price minutes
    Camera|cameras|model lens brand|zoom pixels shots
    Photo|photos|title place camera|width height likes
    Event|events|title place host|day hour guests
    Member|members|name club street|age fee visits
    Account|accounts|owner kind branch|limit visits number
    Monster|monsters|name element weapon|health attack level
    Hero|heroes|name weapon home|health gold level
    Weapon|weapons|name material maker|damage range weight
    Spell|spells|name school rune|mana power turns
    Track|tracks|title genre key|bpm seconds number
    Report|reports|title author period|pages errors rank
    Meal|meals|name diet cook|calories grams price
    Bike|bikes|brand frame color|gears wheels weight
    House|houses|street owner color|rooms floors price
    Team|teams|name coach sport|wins points size
    Game|games|title studio genre|players level hours
    Vote|votes|topic voter answer|weight round count
    Course|courses|title teacher room|weeks seats credits
    Bridge|bridges|name river style|length spans load
    Phone|phones|brand model carrier|battery price apps
    Patient|patients|name ward doctor|age pulse bed
    Storm|storms|name coast kind|speed hours rain
    Bakery|bakeries|name street owner|ovens loaves open
    Carton|cartons|label color shelf|width height weight
    Worker|workers|name shift skill|hours wage age
    Signal|signals|name source shape|volts length phase
    Letter|letters|sender street text|stamps pages weight
    Ledger|ledgers|owner year_name note|total lines pages
    Printer|printers|brand queue floor_name|pages trays jobs
    Beacon|beacons|code place color|power range period
    Wallet|wallets|owner color currency|cash cards coins
    """.split("\n")
    if row.strip()
)
TEXTS = tuple(
    """
    apple banana cherry lemon green blue red amber north south east west hello world tea coffee milk bread salt sugar
    monday friday spring winter alpha beta gamma delta oak pine birch stone river lake hill cloud rain snow sun moon
    anna boris carla dmitri elena farid greta hugo ines jonas kira liam mona nils olga pablo quinn rosa sven tara
    umar vera walt xenia yusuf zora paris oslo lima cairo tokyo quito rome bern draft open closed done ready
    waiting failed first second third last left right up down small large fast slow hot cold old fresh
    ferry harbor station bakery tower bridge market garden kitchen attic cellar pencil paper ink brush canvas violin drum
    flute piano tiger otter falcon raven lynx badger copper silver gold iron zinc wool linen cotton silk velvet
    """.split()
)
LOCALS = tuple(
    """
    a b c s t v x y z data item list name text word value values numbers result count total index first second
    other temp line lines input output message current next_one previous limit size length sum left right start end
    config user users items names words scores points cache buffer map counts queue stack inner outer flag answer
    """.split()
)
SHORT = ("x", "n", "item", "it", "value", "v", "s", "e", "entry", "i", "each", "el", "k", "w")
METHODS = tuple(
    """
    describe show label total report summary print_all add_one update increase rename reset refresh apply size_of_all
    render is_ready is_full full_name cost check grow shrink area score weight_of advance finish note mark charge load
    store find_first best rank bump tick step announce info details level_up fill empty_out take_all count_all
    """.split()
)
TRAITS = tuple(
    """
    Describe Priced Printable Named Scored Shown Ranked Movable Drawable Weighted Timed Labeled Bulky Area Greet
    Speaks Visible Storable Render Report Summarize Measure Labelled Playable Edible Breakable Rated Tracked Audible Worth
    """.split()
)
VARIANTS = tuple(
    """
    Open Closed Ready Waiting Done Failed Active Idle Small Large Medium Red Green Blue Up Down Left Right North South
    Circle Square Line Dot Start Stop Pause Paid Free Empty Full Hot Cold Low High On Off Draft Sent Read Lost Found
    Guest Admin Owner Cash Card Credit Sunny Rainy Cloudy Bus Train Ferry Number Word Text Single Double Begin Move Quit
    """.split()
)
COMMENTS = tuple(
    """
    first the simple case|print what we have|this is where it goes wrong|keep the old value|now use it again
    just for testing|TODO: clean this up|should work|the main part|helper|show the result|set up the data
    one more time|make it bigger|why does this not compile|starting values|count everything|done
    not sure about this|this used to work|same as before|check the result|some sample data|update it
    """.replace("\n", "|").split("|")
)
# names that would hide something the programs use
HIDDEN = frozenset(
    """
    Cell Rc Arc Box Vec String Option Result Some None Ok Err Iterator Error Ordering Path Default Clone Copy Debug
    Display Entry Cursor Send Sync Sized Drop Fn FnMut FnOnce Mutex RefCell HashMap Duration Instant Range Item Self
    use mod type match box move ref fn let if else for while loop in as where impl dyn trait struct enum const static
    true false self super crate return break continue async await yield try abstract final macro override priv typeof
    unsized virtual become do gen main drop print str
    """.split()
)
NOUNS = tuple(word for word in words.NOUNS if word not in HIDDEN)
VERBS = tuple(word for word in words.VERBS if word not in HIDDEN)
TYPES = tuple(word for word in words.TYPES if word not in HIDDEN)
FUNCTIONS = tuple(
    """
    show print_it process handle consume take total add double describe display make build create
    update change increase check find get_name average greet save load parse_line read_value compute run_it
    calculate sum_all count_words shout trim_it pick join_all report send store use_it inspect_it append_one give
    """.split()
)
