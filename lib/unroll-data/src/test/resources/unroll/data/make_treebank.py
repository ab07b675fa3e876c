"""Writes treebank.tsv: sentences made here from templates, and the tokens of each by NLTK's word tokenizer (tested with nltk 3.10.4).

    python make_treebank.py > treebank.tsv

A line holds a sentence, a tab, and its tokens with blanks in between. The tokens are the parts of the text that NLTK's span_tokenize names,
so quotation marks stay as they are written. No data of NLTK is needed.
"""
import random

from nltk.tokenize import NLTKWordTokenizer

RANDOM = random.Random(14)
WORDS = {
    "NAME": "Mr. Lind|Mrs. Ek|Dr. Ash|Prof. Hale|J. R. Birch|Ann|Bo|Ann-Marie|O'Hara|D'Arcy|Sgt. Moor Jr.|St. Olaf|Ms. Ålund|Zoë".split("|"),
    "PLACE": "the U.S.|the U.K.|Oslo|St. Ives|New York|Washington, D.C.|Baden-Baden|Mt. Hood|Malmö|No. 10 Mill Rd.".split("|"),
    "FIRM": "Alder & Co.|Birch Inc.|Ash Ltd.|AT&T|Elm-Tek Corp.|Oak/Pine|rowan.com|B&B".split("|"),
    "NUMBER": "3|12,000.50|1,234|3.88|10:30|0.5|7/8|1990s|'90s|2nd|21st|40-odd|-3|+5|1e-5|3,36|v2.0.1|½".split("|"),
    "MONEY": "$5|$3.88|US$12|£40|€7.50|5%|99.5 %|$1.8 million|50¢|¥300".split("|"),
    "THING": "well-made film|rock'n'roll song|co-writer/director|state-of-the-art lamp|dogs' bowls|girl's coat|boss's desk|mother-in-law's car"
             "|set of keys (new)|[sic] note|{curly} brace|<b>bold</b> page|C++ book|café|naïve plan|e-mail|1980s' fashions|A/B test".split("|"),
    "MAY": "can't|cannot|won't|don't|couldn't've|I'd've|they'll|we've|you're|she'd|he's|I'm|it's|it’s|mustn't|CAN'T|Cannot|IT'S|gonna|wanna|gotta"
           "|gimme|lemme|d'ye|more'n|'tis|'twas|ain't|y'all'll|let's|who'd|that'll".split("|"),
    "END": ". . . ! ? ... .. !! ?! ?? ; : .) .\" ?\" !' .' .'' .] .”".split(" "),
    "LINK": "https://rowan.example/a-b?c=d&e=f#g|www.elm.example|ann@ash.example|#fun|@bo_ek|ftp://x/y.txt|C:\\dir\\file.txt|./run.py".split("|"),
    "DASH": " -- |--| - |-| – |—|---|…| ... |...|, |; |: |,".split("|"),
    "SAY": "said|asked|wrote|e.g., said|i.e. wrote|vs. said|(etc.) wrote".split("|"),
    "QUOTED": "\"NAME MAY go\"|'NAME MAY go'|``MAY''|“MAY go”|‘MAY’|«oui»|„ja“|(\"MAY\")|\"'Yes,' NAME said\"|'MAY|\"well\"-made|`x`|''MAY''".split("|"),
}
TEMPLATES = """NAME MAY see the THING in PLACEEND
NAME SAY: QUOTED, and NAME MAY pay MONEYEND
The THING (from FIRM) costs MONEYDASHNAME MAY buy NUMBER of itEND
QUOTED, SAY NAME of FIRM, PLACEEND
On Jan. 5 at NUMBER a.m., NAME left PLACE for FIRMEND
See LINK or LINK; MAY you open itEND
MAY NAME, MAY NAME, or MAYEND
The THING of NAME, Ph.D., is NUMBER x NUMBER cm * NUMBER = NUMBEREND
In PLACE NAME met NAME's THING[NUMBER]DASHsee p. NUMBEREND
(NAME MAY say so.) QUOTED
"MAY it rain at NUMBER?" NAME SAYEND
NUMBER% of FIRM's MONEY{a} <b> & so onEND
It MAYDASHMAY beDASHMAYEND
  NAME   MAY\u00a0wait ,  but NAME SAY :QUOTED  
NAME (b. NUMBER) et al. SAY "THING" to 'THING'END
Re: THING,, NUMBER::NUMBER ~ NUMBER^NUMBER | NUMBER_xEND
What the THING?!DASHQUOTEDEND
NAME's and NAME'S and the boys' THING weren't in PLACE, were theyEND""".split("\n")


def fill(template):
    while True:
        found = [(template.index(kind), kind) for kind in WORDS if kind in template]
        if not found:
            return template
        at, kind = min(found)
        template = template[:at] + RANDOM.choice(WORDS[kind]) + template[at + len(kind):]


tokenizer = NLTKWordTokenizer()
seen = set()
while len(seen) < 1000:
    sentence = fill(TEMPLATES[len(seen) % len(TEMPLATES)])
    if sentence in seen:
        continue
    seen.add(sentence)
    tokens = [sentence[a:b] for a, b in tokenizer.span_tokenize(sentence)]
    print(sentence + "\t" + " ".join(tokens))
