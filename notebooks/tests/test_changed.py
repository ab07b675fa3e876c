import unittest

from runner import changed
from tests.books import book, code, markdown, stream


def settings(source):
    return dict(code(source), metadata={"tags": ["settings"]})


class Changed(unittest.TestCase):
    def test_settings_have_other_values(self):
        other = changed.with_other_settings(book(settings("int hidden = 256, seed = 42, steps = 100;"), code("int hidden = 256;")))
        self.assertEqual([cell["source"] for cell in other["cells"]], ["int hidden = 192, seed = 43, steps = 100;", "int hidden = 256;"])

    def test_nothing_to_change(self):
        self.assertIsNone(changed.with_other_settings(book(settings("int steps = 100;"))))
        self.assertIsNone(changed.with_other_settings(book(code("int seed = 1;"))))

    def test_prose_that_keeps_a_number(self):
        prose = markdown("The loss is 1.523 after 1,500 steps (Elman 1990), $p = 0.125$, not 2.75.\n\n## References\n\n- 9.875")
        default = book(prose, code("run(1_500)", stream("1.523 nats, 1,500 steps, 0.125, 9.875, 1990")))
        other = book(prose, code("run(1_500)", stream("1.617 nats, 1,500 steps")))
        self.assertEqual(list(changed.stale(default, other)), [(0, "1.523")])
        self.assertEqual(list(changed.stale(default, default)), [])


if __name__ == "__main__":
    unittest.main()
