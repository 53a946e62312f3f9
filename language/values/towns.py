"""British towns by name, as people say where they live: 'near Leeds', 'I'm in London'."""

import re

from core.spans import TextSpan
from language.values.found import Found, level

# Each town with the first half of a postcode in its middle; from general knowledge of the map.
_TOWNS = """
aberdeen AB10, aberystwyth SY23, aldershot GU11, ashford TN23, aylesbury HP20, ayr KA7,
bangor LL57, barnsley S70, barnstaple EX31, basildon SS14, basingstoke RG21, bath BA1,
bedford MK40, belfast BT1, berwick TD15, bexhill TN40, birkenhead CH41, birmingham B1,
blackburn BB1, blackpool FY1, bolton BL1, bournemouth BH1, bracknell RG12, bradford BD1,
brighton BN1, bristol BS1, bromley BR1, burnley BB11, bury BL9, cambridge CB1, canterbury CT1,
cardiff CF10, carlisle CA1, chelmsford CM1, cheltenham GL50, chester CH1, chesterfield S40,
chichester PO19, colchester CO1, coventry CV1, crawley RH10, crewe CW1, croydon CR0,
darlington DL1, dartford DA1, derby DE1, derry BT48, doncaster DN1, dorchester DT1, dover CT16,
dudley DY1, dumfries DG1, dundee DD1, dunfermline KY12, durham DH1, eastbourne BN21,
edinburgh EH1, elgin IV30, ely CB7, enfield EN1, exeter EX1, falkirk FK1, fareham PO16,
folkestone CT20, gateshead NE8, glasgow G1, gloucester GL1, gosport PO12, grimsby DN31,
guildford GU1, halifax HX1, harlow CM20, harrogate HG1, hartlepool TS24, hastings TN34,
hemel hempstead HP1, hereford HR1, high wycombe HP11, horsham RH12, hove BN3, huddersfield HD1,
hull HU1, huntingdon PE29, inverness IV1, ipswich IP1, kendal LA9, kettering NN16,
kidderminster DY10, kilmarnock KA1, king's lynn PE30, kingston upon thames KT1, kirkcaldy KY1,
lancaster LA1, leamington spa CV32, leeds LS1, leicester LE1, lewes BN7, lichfield WS13,
lincoln LN1, liverpool L1, livingston EH54, london EC1A, londonderry BT48, loughborough LE11,
lowestoft NR32, luton LU1, macclesfield SK11, maidenhead SL6, maidstone ME14, manchester M1,
mansfield NG18, margate CT9, middlesbrough TS1, milton keynes MK9, newbury RG14,
newcastle upon tyne NE1, newcastle NE1, newport NP20, northampton NN1, norwich NR1,
nottingham NG1, nuneaton CV11, oldham OL1, oxford OX1, paisley PA1, penzance TR18, perth PH1,
peterborough PE1, plymouth PL1, poole BH15, portsmouth PO1, preston PR1, ramsgate CT11,
reading RG1, redditch B97, reigate RH2, rochdale OL16, rotherham S60, rugby CV21, salford M3,
salisbury SP1, scarborough YO11, scunthorpe DN15, sevenoaks TN13, sheffield S1, shrewsbury SY1,
slough SL1, solihull B91, southampton SO14, southend SS1, southend on sea SS1, southport PR8,
stafford ST16, stevenage SG1, stirling FK8, stockport SK1, stockton on tees TS18,
stoke on trent ST1, stoke ST1, stratford upon avon CV37, sunderland SR1, swansea SA1,
swindon SN1, tamworth B79, taunton TA1, telford TF3, torquay TQ1, truro TR1, tunbridge wells TN1,
wakefield WF1, walsall WS1, warrington WA1, warwick CV34, watford WD17, wells BA5,
weston super mare BS23, weymouth DT4, wigan WN1, winchester SO23, windsor SL4, woking GU21,
wolverhampton WV1, worcester WR1, worthing BN11, wrexham LL11, yeovil BA20, york YO1
"""
TOWNS: dict[str, str] = {
    name: district
    for entry in " ".join(_TOWNS.split()).split(", ")
    for name, _, district in (entry.rpartition(" "),)
}
_NAMES = "|".join(
    re.escape(name).replace(r"\ ", r"[\s-]").replace("'", "'?")
    for name in sorted(TOWNS, key=len, reverse=True)
)
_SIDE = r"(?:(?:central|north|south|east|west)\s)?"
_LED = re.compile(
    r"\b(?:near(?:est)?(?:\sto)?|in|around|round|by|from|at|to|outside|(?:north|south|east|west)\sof)"
    rf"\s{_SIDE}(?P<town>{_NAMES})\b"
    # 'to bath towels', 'in reading lamps', 'at Derby Road'
    r"(?!\s(?:\w+\s)?(?:lamps?|lights?|rooms?|mats?|towels?|taps?|racks?|chairs?|road|street|lane)\b)"
)
_ALONE = re.compile(
    r"(?:(?:um+|er+|uh|and|or|ok|what about|how about|it'?s|i'?m in|i am in|i live in|the)[\s,]+)"
    rf"{{0,2}}{_SIDE}(?P<town>{_NAMES})"
    r"(?:\s(?:please|city|town|centre|one|shop|store|branch|showroom))*"
)


def find_town(text: str) -> Found | None:
    """The town that a text says somebody or something is in or near; its value is a district.

    It counts where it is led by 'near' or 'in', or is all that is said: some are words besides.
    """
    plain = level(text)
    bare = plain.strip(" .,!?")
    match = _ALONE.fullmatch(bare)
    if match is not None:
        offset = plain.index(bare)
        return _found(match, offset)
    match = _LED.search(plain)
    return None if match is None else _found(match, 0)


def _found(match: re.Match[str], offset: int) -> Found:
    name = re.sub(r"[\s-]", " ", match["town"])
    district = TOWNS.get(name) or TOWNS[name.replace("kings", "king's")]
    start, end = match.span("town")
    return Found(district, TextSpan(offset + start, offset + end))
