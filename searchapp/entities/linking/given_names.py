"""Given names that are one: short forms ("Bob"), and the same name in another language or alphabet ("Volodymyr")."""

from __future__ import annotations

from functools import cache

from searchapp.entities.linking.spelling import skeleton

__all__ = ["known_given_names"]

_SAME = """
abigail abby gail|abraham abe|alan al|albert al bert|alexander alex alec sasha sandy oleksandr aleksandr aleksander
alexandra alex sasha sandra|alfred alf fred|alfredo fredo|allison allie|amanda mandy|andrew andy drew|anthony tony
antonio tony toni|arthur art|barbara barb babs|barnaby barney|bartholomew bart|benjamin ben benny|bernard bernie
bradley brad|calvin cal|cameron cam|catherine cathy kate katie|katherine kathy kate katie kathleen
charles charlie chuck|christina chris tina|christine chris tina|christopher chris kit|clifford cliff|clinton clint
cynthia cindy|daniel dan danny|david dave|deborah debbie deb|dennis denny|dmitry dmitri dmytro dima|dominic dom
donald don donnie|dorothy dot dottie|douglas doug|dwight ike|edgar ed|edmund ed ted|edward ed eddie ted teddy ned
edwin ed|eleanor ellie nell|elizabeth liz lizzie beth betty eliza betsy lisa libby|emily em|ernest ernie
ernesto che|eugene gene|evgeny yevgeny yevgeni yevhen evgeni|ferdinand ferdie|florence flo|frances fran fannie
francis frank|francisco paco pancho|franklin frank|frederick fred freddie freddy|fyodor feodor fedor|gabriel gabe
gareth gary|geoffrey geoff|george georgie|gerald gerry jerry|gerard gerry|gilbert gil|gregory greg|gustavo gus
harold hal harry|henry harry hank hal|herbert herb bert|howard howie|hubert bert|ignacio nacho|isabella bella isa
jacob jake|jacqueline jackie|james jim jimmy jamie|janet jan|jeffrey jeff|jennifer jen jenny|jeremiah jerry
jeremy jerry|jerome jerry|jessica jess jessie|jesus chuy|joan joanie|john johnny jack jock|jonathan jon
jose pepe|joseph joe joey|joshua josh|judith judy|julian jules|kenneth ken kenny|kimberly kim|lawrence larry
laurence larry|leonard len lenny leo|leslie les|lewis lew lou|louis lou|louise lou|luis lucho|lucille lucy
madeleine maddie|malcolm mal|margaret maggie meg peggy marge|manuel manny manolo|marcus marc|martin marty
marvin marv|matthew matt|maureen mo|maurice mo|maxwell max|megan meg|michael mike mick micky mickey
mikhail misha mykhailo mykhaylo mikhailo|mitchell mitch|mohamed mohammed muhammad mo|mykola nikolai nikolay|nancy nan
nathaniel nat nate|nathan nate|nicholas nick nicky|nicolas nick nico|norman norm|oliver ollie|pamela pam
patricia pat patty tricia trish|patrick pat paddy|pavel pavlo|pedro perico|peter pete|petro pyotr petr|philip phil
rafael rafa|raymond ray|rebecca becky|reginald reg reggie|richard dick rick ricky rich|robert bob bobby rob robbie
roberto beto|rodney rod|roderick rod|roger rodge|ronald ron ronnie|rosemary rosie|rudolph rudy|russell russ
samantha sam|samuel sam sammy|sandra sandy|serhiy sergei sergey serhii|sidney sid|stanley stan|stephanie steph
stephen steve stevie|steven steve stevie|stuart stu|susan sue susie suzy|terence terry|teresa terry tess
theodore ted teddy theo|thomas tom tommy|timothy tim timmy|tobias toby|valerie val|victor vic|victoria vicky
vincent vince vinny|virginia ginny|vladimir volodymyr vova|vladislav vladyslav|volodymyr vladimir|walter walt wally
wesley wes|wilfred wilf|william will bill billy willie liam|woodrow woody|yulia iuliia julia|yuri yuriy iurii
zachary zach zack|ahmad ahmed|hussein husain husayn hossein hussain hosein|yusuf youssef yousef yousuf yousif
abdullah abdallah abdulla abdollah|osama usama|omar umar|khaled khalid|walid waleed|saeed said saed|faisal faysal
muammar moammar mouammar muamar|hassan hasan|ibrahim ebrahim|mahmoud mahmud|mustafa mostafa moustafa|suleiman sulaiman
"""


def known_given_names(word: str) -> frozenset[str]:
    """The names that a folded word, or its skeleton, is a form of, by their first form; empty for other words."""
    return _table().get(word, frozenset())


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _SAME.strip().replace("\n", "|").split("|"):
        forms = line.split()
        for form in forms:
            for key in (form, skeleton(form)):
                found.setdefault(key, set()).add(forms[0])
    return {word: frozenset(names) for word, names in found.items()}
