"""Words that variation draws new names from: many walks of life, so that no name means a mistake."""

from __future__ import annotations

NOUNS = tuple(
    """
    account address age agent alarm amount angle answer area argument balance band bank bar base basket batch beam
    bell belt bid bill bin block board boat body bonus book bound branch bucket budget buffer bundle button cabin
    cable cache call camp candidate capacity card cargo case cell center chain channel chapter charge chart choice
    circle city claim class clerk client clip clock cloud coach code coin color column command contact copy corner
    cost count counter country course cover credit crew crop cup current cycle damage data date day deadline
    deal debt deck degree delay delta demand depth desk detail device diff digit direction discount distance district
    document dose draft drawer driver duration duty edge effect element email energy engine entry error event excess
    expense extent factor fee feed fence field figure file flag fleet floor flow folder form frame fuel fund gap
    garden gate gauge goal grade grain graph grid group guard guest guide half handle head header heat height hint
    history hit hold host hour house image income index inner input interest interval invoice item job journal journey
    jump kind label lane language layer lead leaf left_side length lesson level lid limit line link list load loan
    location lock log loss lot machine mail map margin mark market mass match_count material maximum meal measure member
    memo menu merit message meter method_name middle minimum minute mode model moment month mood motion mount name_tag
    needle network night node noise note number object offer office offset option order origin outcome outer output
    owner pace pack page pair panel paper parcel parent part party pass path patient pattern pause payment peak period
    person phase phone piece pile pin pipe place plan plant plate player plot point policy pool port portion post power
    prefix present pressure previous price prize product profile profit program project proof queue quota range rank
    rate ratio reader reading record region relay remainder rent repair reply report request reserve result retry review
    reward ring risk road role roll roof room root rope rotation round_trip route row rule run salary sale sample scale
    scene schedule school scope score screen season seat second section seed segment sensor series service session shade
    shape share shelf shift ship shop side sign signal site size skill slice slope slot smoke snapshot source_name space
    span speed stack staff stage stake stamp stand state station status steam stem step stock stop storage store storm
    story strength stride string_part strip suffix sugar supply surface switch symbol table tag tail tank target task
    tax team temperature tenant term text ticket tide tile time title token tone tool top topic total track trade traffic
    train transfer travel tray tree trend trial trip truck tube turn type_name unit user valve variant vehicle version
    view visit voice volume vote wage wait walk wall water wave way week weight wheel width wind window winner wire word
    work worker yard year yield_rate zone
    """.split()
)
VERBS = tuple(
    """
    accept add_up adjust advance allocate apply approve arrange assign attach average balance_out begin bind book
    build bump cancel capture charge choose clamp classify close_all combine compare compose compute convert count_up
    cover cut_down decode decrease describe detect drain_all draw emit encode estimate evaluate examine expand export
    extract fetch fill find_best finish fix_up flag format_line gather generate grade grow handle hold import_all
    increase inspect issue label launch limit_to list_all load locate mark match_up measure merge mix move_to note_down
    notify open_next order_by pack pair_up pick place plan prepare price print_out process promote pull put_back rank
    rate record reduce refresh register release remind render repair report request reset resolve restore review rotate
    route run_all sample scale scan schedule score search select settle share_out shift show_all shrink simplify smooth
    solve spread stamp start_up stop_all store_all sum_up summarize supply switch_to tally total trace track transfer
    transform trim_down tune turn undo unlock unpack update_all validate verify visit weigh withdraw wrap
    """.split()
)
TYPES = tuple(
    """
    Account Action Address Agenda Alarm Animal Answer Archive Badge Balance Basket Batch Beacon Bench Blend Block Board
    Boat Book Booking Border Branch Bridge Bucket Budget Bundle Cabin Cable Calendar Camera Card Cargo Catalog Cell
    Chapter Charge Chart Choice Circuit City Claim Client Clip Column Command Contact Context Contract Controller Counter
    Coupon Course Cover Crate Credit Crew Cursor Cycle Deal Deck Delivery Depot Desk Device Dial Digest Dispatch Display2
    District Document Door Draft Drawer Driver Editor Effect Element Engine Entry Envelope Episode Event Exam Expense Fare
    Feed Fence Field Figure Filter Finder Fleet Flight Floor Folder Form Frame Gallery Garden Gate Gauge Grade Graph Grid
    Group Guard Guest Guide Habit Harbor Header Helper History Holder Hotel House Index Invoice Item2 Job Journal Journey
    Kettle Kind Kitchen Label Lamp Lane Layer Layout League Ledger Lesson Level Library License Limit Link Listing Loader
    Loan Locker Lookup Machine Mail Manager Map Margin Marker Market Meal Measure Member Menu Message Meter Mode Model
    Module Monitor Mover Museum Network Node Note Notice Number Offer Office Order Outcome Packet Page Painter Pair Panel
    Parcel Part Party Path Patient Pattern Payment Period Person Phase Piece Pilot Pipe Place Plan Planet Plant Plate
    Player Plot Point Policy Pool Port Poster Price Printer Prize Process Profile Program Project Quest Queue Quota Quote
    Rack Range2 Rank Rate Ratio Reader Reading Receipt Recipe Record Region Registry Relay Report Request Reserve Review
    Reward Ring Road Robot Role Room Route Row Rule Runner Salary Sample Scale Scanner Scene Schedule School Scope Score
    Screen Season Seat Section Segment Sensor Series Server Service Session Shape Share Shelf Shift Ship Shop Side Signal
    Site Skill Slot Snapshot Song Space Span Speaker Stack Stage Stamp State Station Status Step Stock Store Storm Story
    Stream Street Student Style Summary Supply Survey Switch Symbol Table Tag Tank Task Team Tenant Term Theme Ticket
    Tide Tile Timer Title Token Tool Topic Track Trade Train Transfer Tray Tree Trend Trial Trip Truck Unit User Valve
    Vehicle Vendor Version View Visit Visitor Voice Volume Vote Wagon Walk Wall Wave Week Wheel Window Winner Wire Word
    Worker Yard Zone
    """.replace("2", "")
    .replace("Display ", "Showcase ")
    .replace("Range ", "Reach ")
    .replace("Item ", "Thing ")
    .split()
)
CONSTANTS = ("MAX", "MIN", "DEFAULT", "BASE", "FIRST", "TOTAL", "HARD", "SOFT", "IDLE", "OPEN")
