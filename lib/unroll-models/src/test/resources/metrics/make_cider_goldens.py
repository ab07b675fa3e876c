"""Writes cider_goldens.json beside this file: CIDEr-D (Vedantam et al. 2015, section 4 and 6) by its definition, with dense vectors in double precision."""
import json, math, pathlib
import numpy as np

SIGMA, ORDERS = 6.0, 4


def grams(words, n):
    return [" ".join(words[i:i + n]) for i in range(len(words) - n + 1)]


def vectors(sentence, n, axis, idf):
    """tf-idf over all n-grams that occur anywhere."""
    v = np.zeros(len(axis))
    for g in grams(sentence, n):
        v[axis[g]] += 1
    return v * idf


def cider_d(candidates, references):
    scores = np.zeros(len(candidates))
    for n in range(1, ORDERS + 1):
        every = sorted({g for s in candidates + [r for rs in references for r in rs] for g in grams(s, n)})
        axis = {g: i for i, g in enumerate(every)}
        df = np.array([sum(any(g in grams(r, n) for r in rs) for rs in references) for g in every], dtype=float)
        idf = math.log(len(references)) - np.log(np.maximum(1.0, df))
        for k, (c, rs) in enumerate(zip(candidates, references)):
            vc = vectors(c, n, axis, idf)
            for r in rs:
                vr = vectors(r, n, axis, idf)
                norms = np.linalg.norm(vc) * np.linalg.norm(vr)
                if norms > 0:
                    penalty = math.exp(-(len(c) - len(r)) ** 2 / (2 * SIGMA ** 2))
                    scores[k] += penalty * np.minimum(vc, vr) @ vr / norms / len(rs) / ORDERS
    return 10 * scores


PHOTOGRAPHS = [
    ("a man riding a wave on top of a surfboard", ["a surfer rides a large wave in the ocean", "a man riding a wave on top of a surfboard",
        "a person on a surfboard riding a wave"]),
    ("a cat sitting on a couch", ["a black cat is sleeping on a red couch", "a cat lying on a couch next to a remote control"]),
    ("a large airplane flying in the blue sky", ["a large airplane flying in the blue sky"]),
    ("a a a a a a a a a a a a a a a a", ["a dog runs on the beach with a ball", "a brown dog is running on the sand"]),
    ("two children play football", ["a group of people standing around a kitchen"]),
    ("dog", ["a dog runs", "dog"]),
    ("", ["a plate of food on a table", "a table with a plate of rice and vegetables"]),
    ("the red red bus stops stops at the the red bus stop", ["the red bus stops at the bus stop", "a red double decker bus is at a stop"]),
]
SCENES = [
    ("a red circle left of a blue square", ["a red circle left of a blue square"]),
    ("a blue square left of a red circle", ["a red circle left of a blue square"]),
    ("a small green triangle above a white circle", ["a small green triangle below a white circle"]),
    ("a large yellow square", ["a large yellow square above a large purple triangle"]),
    ("a purple circle below a purple square", ["a purple circle below a purple square", "a purple square above a purple circle"]),
]
ALIKE = [("a b c d", ["a b c d", "a b c d e"]), ("a b c d", ["a b c d"]), ("a b c x", ["a b c d"])]

cases = []
for name, pairs in [("photographs", PHOTOGRAPHS), ("scenes", SCENES), ("all-alike", ALIKE), ("one-picture", SCENES[:1])]:
    written, references = [c.split() for c, _ in pairs], [[r.split() for r in rs] for _, rs in pairs]
    scores = cider_d(written, references)
    cases.append({"name": name, "written": [c for c, _ in pairs], "references": [rs for _, rs in pairs],
                  "scores": [round(float(s), 12) for s in scores], "mean": round(float(scores.mean()), 12)})
pathlib.Path(__file__).with_name("cider_goldens.json").write_text(json.dumps({"numpy": np.__version__, "cases": cases}, indent=1) + "\n")
