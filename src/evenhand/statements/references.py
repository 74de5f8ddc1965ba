"""Who is meant: "the head of state", "the Turkish minister", "she", "the guest", from the words and the people of the text.

Called by `attribution` and `meeting`. The title is trusted over the pronoun. It must never choose silently: where two people
fit a title alike, the reason names both and the confidence says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evenhand.statements.clauses import DOCUMENTS
from evenhand.statements.gazetteer import Entry, load_entries, state_names
from evenhand.statements.person import Person
from evenhand.statements.titles import Title
from evenhand.statements.wordlists import rows_by, word_list

GOVERNMENT_OF = re.compile(r"(?:the )?government of (?:the )?(?P<state>[A-Z].*)$")
"""A state's government in small letters is the state; in capitals it is a name of its own."""
HEADS = frozenset({"head", "head of state", "head of government", "leader", "chair", "director"})
HOST_RANKS = ("head of state", "head of government", "prince", "minister", "host")
SENT = frozenset({"head", "envoy", "representative"})
"""Ranks by which a body's highest person in a text is called, whatever the office is."""
ENOUGH = 3
STYLES = frozenset({"excellency", "highness", "majesty", "holiness", "eminence", "honour"})
LOWER = frozenset({"deputy", "vice", "assistant", "state", "under", "associate", "acting", "former"})
"""Words before an office that make it another, lower one."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Hold who speaks, how sure that is, and why."""

    name: str
    person: Person | None
    confidence: float
    reason: str


NARRATOR = Speaker("narrator", None, 0.9, "no verb of saying with a speaker")
BOTH = "both"


@dataclass(slots=True)
class Cast:
    """Hold the people of a text while it is read, and who was named last.

    Attributes
    ----------
    hosts, guests
        The participants of the meeting, as far as they are known.
    names
        Organisations by their key, as this text spells them.
    last, last_speaker, last_body, addressed
        Who was the last person to speak or act, who spoke last, which body was last a subject, and what names the one spoken to.
    filed
        The state of the capital that the dateline names.
    joint
        Whether the sides issue the text together: a side then speaks as its state.
    home, own, second
        The state that the text is most about; the one whose officials it names without their state; the one that comes next to it.
    """

    persons: list[Person]
    hosts: list[Person]
    guests: list[Person]
    names: dict[str, str]
    home: str
    own: str = ""
    second: str = ""
    last: Person | None = None
    last_speaker: Speaker | None = None
    last_body: Speaker | Entry | None = None
    addressed: tuple[object, str] | None = None
    reporter: Person | None = None
    joint: bool = False
    filed: str = ""
    last_giver: str | None = None
    last_receivers: tuple[str, ...] = ()
    givers: set[str] = field(default_factory=set)
    line_of: dict[int, int] = field(default_factory=dict)

    @property
    def present(self) -> list[Person]:
        """Return the participants."""
        return self.hosts + self.guests

    def organisation_name(self, entry: Entry) -> str:
        """Return an organisation's name as this text spells it."""
        return self.names.get(entry.key, entry.key)


def who_is(
    ref: object, words: str, cast: Cast, beside: Person | None = None, among: list[Person] | None = None
) -> Speaker | None:
    """Return whom a token means, or None if it means nobody.

    Parameters
    ----------
    ref
        What the token stands for: a person, people of one name, a title, an entry of the gazetteer, or None for a pronoun.
    among
        The only people whom a title can mean: "the visiting minister" is a guest.
    beside
        Whom a pronoun cannot mean, because the same clause speaks to him: "he told the minister".
    """
    if isinstance(ref, Person):
        return Speaker(ref.name, ref, 0.98, f'"{_short(words)}" is named')
    if isinstance(ref, list):
        best = next((one for one in ref if one in cast.present), ref[0])
        others = " or ".join(one.name for one in ref)
        return Speaker(best.name, best, 0.4, f'"{words}" can be {others}')
    if isinstance(ref, Title):
        return _unnamed(ref, words, cast) or _by_title(ref, cast, among)
    if isinstance(ref, Entry):
        if ref.kind == "organisation":
            return Speaker(cast.organisation_name(ref), None, 0.9, f'"{words}" speaks in its own name')
        officials = [one for one in cast.present if one.state == ref.state]
        if (
            len(officials) == 1
            and not cast.joint
            and words.split()[-1]
            in (
                "side",
                "delegation",
                "government",
                "Government",
                "authorities",
            )
        ):
            return Speaker(officials[0].name, officials[0], 0.7, f'"{words}" is the side of {officials[0].name}')
        name = state_names().get(ref.state, words)
        of_state = GOVERNMENT_OF.match(words)
        if of_state is not None:
            name = of_state.group("state")
        elif "overnment" in words:
            name = words.removeprefix("the ").removeprefix("The ")
        return Speaker(name, None, 0.8, f'"{words}" speaks in its own name')
    if words.lower() in STYLES:
        high = next(
            (one for one in cast.present if one.rank in ("head of state", "head of government", "prince")), None
        )
        if high is None and words.lower() in ("majesty", "holiness"):
            return Speaker(words, None, 0.5, f'nobody named is called "{words}"')
        person = high or _by_pronoun("", cast)
        return Speaker(person.name, person, 0.8, f'"{words}" is a title of {person.name}') if person else None
    if words.lower() in ("it", "source", *DOCUMENTS):
        body = cast.last_body
        if body is None and words.lower() in DOCUMENTS and cast.hosts and cast.guests:
            return Speaker(BOTH, None, 0.6, f'"{words}" is issued by nobody named: the sides')
        if body is NARRATOR:
            return NARRATOR
        body = who_is(body, body.spelling, cast) if isinstance(body, Entry) else body
        return Speaker(body.name, None, 0.75, f'"{words}" is the last body named, {body.name}') if body else None
    if words.lower() in ("he", "she", "him", "her", "his"):
        words = {"him": "he", "her": "she", "his": "he"}.get(words.lower(), words)
        person = _by_pronoun(words.lower(), cast, beside)
        return (
            Speaker(person.name, person, 0.85, f'"{words}" is the last person named, {person.name}') if person else None
        )
    return None


def _by_pronoun(word: str, cast: Cast, beside: Person | None = None) -> Person | None:
    """Return the person a pronoun fits: the last who spoke or acted, unless known to be a man or a woman; then the one spoken to."""
    last = cast.reporter or cast.last
    if last is None or not (_other_sex(word, last) or last is beside):
        return last
    named = who_is(*cast.addressed, cast) if cast.addressed else None
    fitting = [one for one in (named.person if named else None, *cast.present) if one not in (None, last, beside)]
    fitting = [one for one in fitting if not _other_sex(word, one)]
    sure = [one for one in fitting if one.sex]
    return (sure or fitting or [last])[0]


def _other_sex(word: str, person: Person) -> bool:
    """Say whether "he" or "she" cannot mean a person."""
    return bool(word) and bool(person.sex) and person.sex != SEX[word]


def learn_sex(person: Person) -> None:
    """Note what titles and office say: "Ms.", "King"; what the name says, where it is a name of women or men alone."""
    words = {*person.titles.split(), *person.office.lower().split()}
    if words & FEMALE or words & MALE:
        person.sex = "f" if words & FEMALE else "m"


SEX = {"he": "m", "she": "f"}
FEMALE = frozenset(
    word_list(
        "ms. mrs. miss ms mrs dame lady madam queen princess sheikha spokeswoman chairwoman congresswoman headmistress"
    )
)
MALE = frozenset(
    word_list(
        "mr. mr sir lord king prince emir amir sultan pope spokesman chairman congressman sheikh imam bishop headmaster"
    )
)


def _unnamed(title: Title, said: str, cast: Cast) -> Speaker | None:
    """Return who is meant by "officials" or "a UNICEF official": the body they speak for, else nobody with a name."""
    words = said.lower().split()
    several = f"{title.head.lower().split()[-1]}s" in words if title.head else False
    if not several and words[0] not in ("a", "an"):
        return None
    return _unnamed_body(title, cast) or NARRATOR


def _unnamed_body(title: Title, cast: Cast) -> Speaker | None:
    """Return the body for which somebody without a name speaks."""
    if not title.organisation:
        return None
    entry = load_entries().get(title.organisation)
    name = cast.organisation_name(entry) if entry else title.organisation
    return Speaker(name, None, 0.7, f'"{_short(title.words)}" has no name: {name}')


def _by_title(title: Title, cast: Cast, among: list[Person] | None = None) -> Speaker:
    """Return the person whom a title fits best, by office, party and presence."""
    across = _across(title, cast) if title.head == "Counterpart" else None
    if across is not None:
        return Speaker(across.name, across, 0.8, f'"{_short(title.words)}" is on the other side, {across.name}')
    scored = sorted(
        ((_score(title, person, cast), -place, person) for place, person in enumerate(among or cast.persons)),
        key=lambda one: (-one[0], -one[1]),
    )
    alone = among is not None and len(among) == 1
    if scored and (scored[0][0] >= ENOUGH or alone):
        best = scored[0][2]
        rivals = [one[2] for one in scored[1:] if one[0] == scored[0][0]]
        side = "the host" if best in cast.hosts else "the guest" if best in cast.guests else best.name
        where = cast.line_of.get(best.first_at)
        reason = f'"{_short(title.words)}" = {side}, {best.name}' + (f", line {where}" if where else "")
        if rivals:
            if cast.last in [best, *rivals] and cast.last is not None:
                best = cast.last
            reason = f'"{_short(title.words)}" fits {best.name}, and {" and ".join(one.name for one in rivals if one is not best)} as well'
        return Speaker(best.name, best, 0.5 if rivals else 0.95, reason)
    if title.rank == "person" and not (title.state or title.organisation) and cast.last is not None:
        return Speaker(
            cast.last.name, cast.last, 0.6, f'"{_short(title.words)}" is the last person named, {cast.last.name}'
        )
    bare = _without_office(title, cast) if among is None else None
    if bare is not None:
        return Speaker(
            bare.name, bare, 0.6, f'"{_short(title.words)}" is {bare.name}, the one person named without an office'
        )
    if title.state and title.head in ("Representative", "Permanent Representative", "Delegate"):
        state = state_names().get(title.state, title.state)
        return Speaker(state, None, 0.6, f'"{_short(title.words)}" has no name and speaks for {state}')
    if title.rank == "person":
        return _unnamed_body(title, cast) or NARRATOR
    words = title.words.split(" ", 1)[1] if title.words.lower().startswith(("the ", "a ", "an ")) else title.words
    return Speaker(words, None, 0.6, f'nobody named fits "{_short(title.words)}"')


def _without_office(title: Title, cast: Cast) -> Person | None:
    """Return the one person whom a text names without an office, where it tells of a holder of one; he is given the office."""
    if (
        title.rank in OF_NOBODY
        or not title.office
        or title.words.lower().startswith(("a ", "an "))
        or title.head.endswith("s")
    ):
        return None
    bare = [one for one in cast.persons if not (one.office or one.organisation)]
    if len(bare) != 1 or title.state not in ("", bare[0].state or title.state):
        return None
    one = bare[0]
    one.office, one.head, one.rank = title.office, title.head, title.rank
    one.state, one.organisation = one.state or title.state, title.organisation
    if not (one.state or one.organisation) and rows_by("offices", "words").get(one.head, {}).get("kind") == "state":
        one.state, one.own = cast.own or cast.home, True
    return one


OF_NOBODY = frozenset({"", "person", "official", "any", "guest", "host", "counterpart", "spokesman", "representative"})
"""Ranks of those who stay without a name, several of whom a text may speak of."""


def _score(title: Title, person: Person, cast: Cast) -> float:
    score = 0.0
    if " " in title.office and f" {title.office.lower()} " in f" {person.office.lower()} ":
        score += 3  # "the country director" is the representative and country director
    if title.rank == "guest":
        return 5.0 if person in cast.guests[:1] else 1.0 if person in cast.guests else -5.0
    if title.rank == "host":
        return 5.0 if person in cast.hosts[:1] else -5.0
    if title.head and _one_rank(title.head) == _one_rank(person.head):
        score += 5
    elif title.rank == person.rank and title.rank and title.rank not in ("official", "any", "head"):
        score += 3
    elif title.rank in ("head", "leader", "chair") and person.rank in HEADS:
        score += 3 if title.rank != "leader" or person.rank != "head" else 1
    elif title.head in ("Minister", "Prime Minister") and person.rank in ("minister", "head of government"):
        score += 2 if title.head == "Minister" and "Minister" in person.office else 0
    elif title.head == "Secretary" and (person.rank == "secretary" or person.head == "Secretary of State"):
        score += 4
    elif title.rank == "envoy" and person.rank == "ambassador":
        score += 3
    elif title.rank in SENT and title.organisation and person.office:
        score += 2  # "the AFAD chief", "the EU envoy" is whoever there is of it
    elif (title.head == "Diplomat" and person.rank in ("ambassador", "envoy")) or (
        title.head == "Legislator" and person.rank in ("speaker", "chair")
    ):
        score += 3
    elif title.rank in ("person", "official"):
        score += 1
    elif not score:
        return -1.0
    if title.state:
        score += 3 if title.state == person.state else -6
    if title.organisation:
        own = _state_of(title.organisation)
        score += 3 if (own and own == person.state) or _same_body(title.organisation, person.organisation, cast) else -6
    asked = {word.lower() for word in title.office.split()}
    held = {word.lower() for word in person.office.replace("-", " ").split()}
    extra = (
        {word.strip(",") for word in asked}
        - {"of", "and", "the", "for", title.head.lower()}
        - set(title.head.lower().replace("-", " ").split())
    )
    if extra - {"agency", "prime"}:
        score += 1 if extra <= held else -1
    if LOWER & held - asked and title.head == person.head:
        score -= 0.5  # "the minister" is the minister rather than the deputy, where both are there
    if person in cast.present:
        score += 1.5
    if person is cast.last:
        score += 0.25
    if person.organisation and not (person.state or title.organisation) and person.rank == "head of state":
        score -= 0.6  # "the President" is the state's rather than a society's
    if person.own and not title.state:
        score += 0.3  # "the President" of a state's own readout is its own; the other one is named
    return score


def _across(title: Title, cast: Cast) -> Person | None:
    """Return who is meant by "his counterpart": whoever of the other side holds the same office, else its first."""
    if title.state:
        return next((one for one in cast.present if one.state == title.state), None)
    if cast.last not in cast.present:
        return None
    others = cast.guests if cast.last in cast.hosts else cast.hosts
    return next((one for one in others if one.head == cast.last.head), others[0] if others else None)


def _one_rank(head: str) -> str:
    """Return an office by one of its names: a vice minister is a deputy minister, a premier a prime minister."""
    return head.replace("Vice-", "Deputy ").replace("Vice ", "Deputy ").replace("Premier", "Prime Minister")


def _state_of(name: str) -> str:
    """Return the state that a body belongs to, "" for a body of many: AFAD is TUR."""
    entry = load_entries().get(name)
    return entry.state if entry else ""


def _same_body(mine: str, theirs: str, cast: Cast) -> bool:
    entries = load_entries()
    keys = [entries[one].key if one in entries else one for one in (mine, theirs)]
    if keys[0] == keys[1]:
        return True
    mine_words, their_words = (_words_of(key) for key in keys)
    return len(mine_words) >= 2 and len(their_words) >= 2 and (mine_words <= their_words or their_words <= mine_words)


def _words_of(name: str) -> set[str]:
    """Return the words that make a body's name, with one spelling for "Defense" and "Organization"."""
    plain = (
        name.lower()
        .replace("defense", "defence")
        .replace("organization", "organisation")
        .replace("center", "centre")
        .replace("program ", "programme ")
    )
    return set(plain.split()) - {"of", "the", "for", "and", "on"}


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 60 else words[:57] + "..."
