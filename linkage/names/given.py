"""Given names and East Asian family names so common that they tell which part of a name is which.

Names that are as common as family names (Martin, Thomas, Paul) are left out.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Folded. Mostly of languages in which people bear two given and two family names.
GIVEN_NAMES = _set(
    "adriana adrien agustin alain alberto alejandra alejandro alessandra alessandro alexandre "
    "alfredo alicia aline alvaro amalia amparo ana anabel andrea andreia angela angeles "
    "angelica anita anna anne annette antonella antonia antonio armando arturo augusto aurelie "
    "aurelien aurora baptiste barbara beatriz belen benoit bernardo blanca camila camille carla "
    "carlos carmen carolina caroline catalina catarina catherine cecilia cedric celia celine "
    "cesar chantal christelle christina christine claire clara claudia claudio clement "
    "concepcion consuelo cristian cristiana cristina cristobal daniela danilo david debora "
    "delphine diana didier diego dolores dominique edith eduarda eduardo elena eleonora elisa "
    "elizabeth emilia emilie emilio emmanuelle enrique ernesto esperanza esteban esther eugenia "
    "eugenio eva fabiana fabien fabio fabrice fatima federica federico felipe fernanda fernando "
    "filipe flavia flavio florence florencia florian francesca francesco francisca francisco "
    "francois francoise frederic gabriela genevieve gerard giovanna giovanni giulia giuseppe "
    "gloria gonzalo graciela guillaume guillermo gustavo helena helene henrique hernan hugo "
    "ignacio ilaria ines inmaculada irene isabel isabella isabelle ivan jacques jaime javier "
    "jean jeanne jerome jesus joan joana joao joaquin joelle jorge jose josefa josefina juan "
    "juana juliana julien julieta julio karen katarina laetitia laura laure laurence leonor "
    "leticia lidia lorena lorenzo lourdes lucia luciana luciano ludovic luigi luis luisa luiz "
    "luiza magdalena manuel manuela marc marcela marcelo marcia marco margarita maria mariana "
    "mariano maribel marie marina mario marisa marta martha mary mateo mathieu matilde mauricio "
    "maxime mercedes michel michele miguel milagros monica monique montserrat natalia nathalie "
    "nicolas nicole nuria odile olga olivier oscar pablo paloma paola paolo pascal patrice "
    "patricia patricio paula paulo pedro philippe pierre pilar quentin rafael rafaela raquel "
    "raul rebeca regis remi renata renato ricardo rita roberta roberto rocio rodolfo rodrigo "
    "rogerio romain rosa rosario ruben rui salvador sandra santiago sara sebastian sebastien "
    "sergio silvia simone sofia soledad sonia stefania stefano stephane stephanie susana "
    "sylvain sylvie tatiana teresa teresita therese thiago thibault thierry tiago valentina "
    "valeria valerie vanessa vera veronica veronique vicente victoria vinicius virginia viviana "
    "xavier ximena yann yannick yolanda yves "
)
# Folded; Hungarians print them last. Those that are family names as well (László, Sándor) are not
# here.
HUNGARIAN_GIVEN_NAMES = _set(
    "aniko arpad attila botond csaba edina emese endre eniko erzsebet eszter geza gyongyi gyula "
    "ibolya ildiko ilona istvan jeno judit katalin krisztina levente nikolett noemi orsolya "
    "piroska rozalia sarolta szilvia tibor timea tunde zoltan zsofia zsolt zsuzsa zsuzsanna"
)
# Before a hyphen: Jean-Pierre, Hans-Peter.
COMPOUND_FIRST = _set("jean marie anne hans karl")
KOREAN_FAMILY_NAMES = _set(
    "lee park choi jung jeong kang yoon jang kwon hwang ahn shin seo bae baek yoo noh"
)
EAST_ASIAN_FAMILY_NAMES = KOREAN_FAMILY_NAMES | _set(
    "kim cho han lim song hong moon son yang chung ryu chen lin liu wang zhang zhao zhou wu xu sun "
    "huang guo gao luo zheng liang tang deng feng cao peng zeng xiao tian dong pan cai jiang "
    "chan wong cheung leung tan tsai hsu hsieh chang huynh nguyen tran pham"
)
# Of three letters, which in capitals could be taken for initials: Wei SUN.
SHORT_FAMILY_NAMES = _set(
    "kim lee lin liu sun han wen tan lim mai van ngo bui cho son koh ang goh teo yeo yap sim low "
    "mao cai cao cui dai den bai bao pan pei ren rao gao guo hao hou hui jia jin kan kou lai "
    "lei lou luo lan mei min mou nie sha she shi sui tao tan tie wan wei xia xie xin xue yan yao "
    "yin you yue zha zhu bae noh roh ryu koo hur woo yoo jun jeon lam lau lok mak mok tam wai wat "
    "yam kwa kuo tai tsu hsu sze sit poh ooi oon ito ono abe ota"
)

# Chinese families of two characters, in both kinds of characters, and Korean ones of two blocks.
COMPOUND_FAMILIES = frozenset(
    """
欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 夏侯 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 长孙 長孫 宇文
东方 東方 独孤 獨孤 端木 百里 南宫 南宮 申屠 钟离 鍾離 淳于 澹台 澹臺 轩辕 軒轅 闻人 聞人 呼延
西门 西門 东郭 東郭 남궁 황보 제갈 사공 선우 서문 독고
""".split()
)

# What forms and passports put where a person has one name only: first, last, middle name unknown.
NO_GIVEN_NAME = frozenset({"fnu", "lnu", "nfn", "nln", "nmn"})

# Petrov Yuri Ivanovich: a patronymic stands last where the family name stands first.
PATRONYMIC_ENDINGS = tuple("ovich evich ovna evna ович евич овна евна ична івна івич йович".split())
