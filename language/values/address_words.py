"""Words that tell a sentence about a house or a road from an address."""

# What stands in sentences and in no address: people, verbs, things sold, links
SENTENCE = frozenset(
    word
    for line in (
        "i i'm im i've i'd i'll we we're we've you you're he she they it it's its that's me us him",
        "her them my our your his their this these those there here who what when where which why",
        "how a an to for from with without about into near at as but because so if than then or",
        "and not no yes ok please thanks thank sorry hi hello am is are was were be been being",
        "isn't aren't wasn't",
        "do does did don't didn't doesn't can can't could couldn't will won't would",
        "should may might must have has had haven't get got getting go goes going gone come coming",
        "need needs needed want wants wanted like moving moved move moves deliver delivered",
        "delivering delivery delivers send sent sending ship shipped arrive arrived arrives",
        "arriving",
        "take took takes taken make makes made leave left live lives lived put use bring change",
        "changed changing is order orders ordered parcel parcels item items chairs lamp lamps sofa",
        "sofas table box boxes driver van somewhere else anywhere instead still just only very too",
        "really quite long far away back out up down now today tomorrow tonight yesterday soon",
        "later hour hours minute minutes day days week weeks miles time once again already",
        "cancel return refund waiting wait said says told ask asked know think hope see look stop",
        "closed open flat-pack any some all every another other same new first second third fourth",
        "next last whole full wrong right",
    )
    for word in line.split()
)
# Before a house, these say that it is anybody's: 'a nice house', 'moving house'
ANYBODYS = SENTENCE - frozenset({
    "to", "at", "is", "it's", "its", "that's", "address", "now", "no", "yes", "sorry", "please",
    "deliver", "send", "use", "from", "near", "and", "or", "live", "ok", "are", "not", "new", "but",
    "first", "last", "long", "far", "next", "we're", "i'm", "im", "moved", "delivered", "sent",
})  # fmt: skip
PLAIN_HOUSES = frozenset({
    "cottage", "house", "farm", "lodge", "barn", "mill", "villa", "hall", "manor", "vicarage",
    "rectory", "warehouse", "greenhouse", "lighthouse", "workhouse", "farmhouse", "in-house",
    "powerhouse", "windmill", "treadmill", "household", "treehouse", "playhouse", "townhouse",
})  # fmt: skip
# Words of sentences that are as often the first of a name: New Road, Long Barn, Order Street
DESCRIBES = frozenset({
    "new", "long", "far", "back", "first", "second", "third", "fourth", "last", "right",
})  # fmt: skip
