#!/usr/bin/env python3
"""Makes templates at random and writes down what jinja2 renders of them, in the environment of transformers' chat templates.

    python3 jinja_differential.py --seed 11 --cases 4000 --keep 300 --out found.json

wants jinja2 3.1.6, markupsafe 3.0.3 and Python 3.11. The same seed gives the same file. Of all cases those are kept that together use
the most different pairs of operations. Left out is what two implementations need not agree on (addresses, orders of sets, random
choices), and what this project's engine does not do: complex numbers and pprint.
"""
import argparse
import copy
import json
import random
import re
import sys

import jinja2
import jinja2.ext
import jinja2.nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

KINDS = [
    (jinja2.exceptions.SecurityError, "security"),
    (jinja2.exceptions.UndefinedError, "undefined"),
    (jinja2.exceptions.TemplateRuntimeError, "runtime"),
    (jinja2.exceptions.TemplateSyntaxError, "syntax"),
    (jinja2.exceptions.TemplateError, "raised"),
    (SyntaxError, "syntax"),
    (RecursionError, "recursion"),
    (RuntimeError, "runtime"),
    (ZeroDivisionError, "arithmetic"),
    (OverflowError, "arithmetic"),
    (LookupError, "lookup"),
    (AttributeError, "lookup"),
    (TypeError, "type"),
    ((ValueError, AssertionError), "value"),
]


class GenerationBlocks(jinja2.ext.Extension):
    """The tag {% generation %}, which prints its body; where it was is not compared here."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[GenerationBlocks, jinja2.ext.loopcontrols]
    )
    made.filters["tojson"] = tojson
    made.globals["raise_exception"] = raise_exception
    return made


ENVIRONMENT = environment()


def reference(template, context):
    """The fields of a case that tell what jinja2 does."""
    given = copy.deepcopy(context)
    phase = "compile"
    try:
        compiled = ENVIRONMENT.from_string(template)
        phase = "render"
        return {"expected": compiled.render(**given)}
    except Exception as error:  # any class may come out of a template
        for classes, kind in KINDS:
            if isinstance(error, classes):
                return {
                    "error": type(error).__name__,
                    "error_kind": kind,
                    "error_phase": phase,
                    "message": str(error),
                }
        raise


TEXTS = ["", "a", "Hello, World", "  padded\t", "two\nlines\n", "it's", 'say "x"', "<b>&amp;</b>", "äöü ß", "日本語", "😀 é",
         "a,b,,c", "MiXeD cAsE", "42", "-7", "3.5", "x=1", "{{ x }}", "{% if %}", "\\n", "tab\there", "ǅ ŉ İ", "aXbXc", "[INST]",
         "</s>", "0x1f", "1e3", "a b  c", "\u00a0nbsp\u2003", "line\r\nend\r", "'", "%", "%s", "{0}", "café"]
FIELDS = ["role", "content", "name", "type", "text", "id"]


class Maker:
    """Templates of one seed. Expressions mostly have fitting types, so that most templates render."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.loops = 0
        self.names = []

    def one(self, *options):
        return self.r.choice(options)

    def often(self, share):
        return self.r.random() < share

    # Contexts

    def context(self):
        r = self.r
        messages = []
        for _ in range(r.randint(0, 4)):
            message = {"role": r.choice(["user", "assistant", "system", "tool"])}
            kind = r.random()
            if kind < 0.55:
                message["content"] = r.choice(TEXTS)
            elif kind < 0.8:
                message["content"] = [
                    r.choice([{"type": "image"}, {"type": "text", "text": r.choice(TEXTS)}]) for _ in range(r.randint(0, 3))
                ]
            elif kind < 0.9:
                message["content"] = None
            if self.often(0.15):
                message["tool_calls"] = [{"id": "c1", "function": {"name": "f", "arguments": {"a": 1, "b": [True, None, 1.5]}}}]
            messages.append(message)
        return {
            "messages": messages,
            "tools": r.choice([None, [], [{"type": "function", "function": {"name": "get", "parameters": {"x": "y"}}}]]),
            "documents": None,
            "add_generation_prompt": r.choice([True, False]),
            "bos_token": "<s>",
            "s": r.choice(TEXTS),
            "t": r.choice(TEXTS),
            "n": r.choice([0, 1, -3, 7, 100, 2**63, -(2**70)]),
            "f": r.choice([0.0, -0.0, 1.5, -2.25, 1e16, 1e-7, 123456789.125, 1e22, 0.1]),
            "yes": True,
            "no": False,
            "nil": None,
            "l": [r.choice([1, 2, "a", "b", None, True, 1.5, [1], {"k": "v"}]) for _ in range(r.randint(0, 5))],
            "nums": [r.choice([-2, 0, 1, 3, 5, 2.5, 10]) for _ in range(r.randint(0, 6))],
            "words": [r.choice(TEXTS) for _ in range(r.randint(0, 5))],
            "d": {k: r.choice([1, "v", None, [1, 2], {"z": 0}, True, 2.0]) for k in r.sample(FIELDS + ["items", "keys", "a b"], r.randint(0, 5))},
            "rows": [
                {"g": r.choice(["x", "y", "X", None]), "v": r.randint(-3, 3), "o": {"p": r.choice(["q", "r"])}}
                for _ in range(r.randint(0, 5))
            ],
        }

    # Expressions

    def text(self, depth=0):
        r = self.r
        if depth > 2 or self.often(0.25):
            return self.one("s", "t", "bos_token", self.quoted(), self.quoted(), "messages[0].role", "words[0]", "loop_var" if "loop_var" in self.names else "s")
        s = lambda: self.text(depth + 1)
        i = lambda: self.integer(depth + 1)
        return self.one(
            lambda: f"{s()} ~ {self.any(depth + 1)}",
            lambda: f"({s()} + {s()})",
            lambda: f"{self.postfix(s())}[{self.slice()}]",
            lambda: f"{self.postfix(s())}.{self.one('upper', 'lower', 'title', 'capitalize', 'swapcase', 'strip', 'lstrip', 'rstrip', 'casefold')}()",
            lambda: f"{self.postfix(s())}.{self.one('strip', 'lstrip', 'rstrip', 'removeprefix', 'removesuffix')}({s()})",
            lambda: f"{self.postfix(s())}.replace({s()}, {s()}{self.one('', '', ', 1', ', -1', ', 0')})",
            lambda: f"{self.postfix(s())}.{self.one('center', 'ljust', 'rjust', 'zfill')}({r.randint(0, 14)})",
            lambda: f"{self.postfix(s())}.{self.one('center', 'ljust', 'rjust')}({r.randint(0, 14)}, {self.one(chr(39) + '*' + chr(39), chr(39) + 'é' + chr(39), s())})",
            lambda: f"{self.postfix(s())}.join({self.sequence(depth + 1)})",
            lambda: f"{self.postfix(s())}.expandtabs({self.one('', '4', '0')})",
            lambda: f"{self.postfix(s())}.translate({{97: 'Z', 98: none}})",
            lambda: f"{self.postfix(s())}.format({self.any(depth + 1)}, k={self.any(depth + 1)})",
            lambda: f"{self.one(*PERCENT)} % {self.percent_operand(depth)}",
            lambda: f"{self.one(*BRACES)}.format({self.any(depth + 1)}, {i()}, k={self.any(depth + 1)})",
            lambda: f"{self.postfix(s())} * {r.randint(-1, 3)}",
            lambda: f"({self.any(depth + 1)}) | {self.one('string', 'escape', 'e', 'forceescape', 'tojson', 'trim', 'upper', 'lower', 'title', 'capitalize', 'urlencode', 'striptags', 'wordcount')}",
            lambda: f"({s()}) | {self.one('trim', 'title', 'capitalize', 'upper', 'indent', 'indent(2, true)', 'indent(blank=true)', 'indent(width=' + chr(39) + '> ' + chr(39) + ')', 'truncate(5)', 'truncate(6, true)', 'truncate(9, false, ' + chr(39) + '!' + chr(39) + ')', 'truncate(6, leeway=0)', 'wordwrap(4)', 'wordwrap(5, false)', 'center(11)', 'wordcount', 'reverse', 'first', 'last', 'length', 'list', 'urlencode', 'striptags', 'escape', 'safe', 'filesizeformat')}",
            lambda: f"({s()}) | trim({s()})",
            lambda: f"({s()}) | replace({s()}, {s()}{self.one('', ', 1', ', none')})",
            lambda: f"({self.any(depth + 1)}) | default({s()}{self.one('', ', true', ', boolean=true')})",
            lambda: f"({self.sequence(depth + 1)}) | join{self.one('', '(' + s() + ')', '(d=' + s() + ')')}",
            lambda: f"({self.any(depth + 1)}) | tojson({self.one('', 'indent=2', 'sort_keys=true', 'ensure_ascii=true', 'separators=(' + chr(39) + ',' + chr(39) + ',' + chr(39) + ':' + chr(39) + ')', 'indent=0', 'indent=' + chr(39) + '--' + chr(39))})",
            lambda: f"({s()} if {self.truth(depth + 1)} else {s()})",
            lambda: f"({s()} if {self.truth(depth + 1)})",
            lambda: f"({self.text(depth + 1)} {self.one('or', 'and')} {self.any(depth + 1)})",
            lambda: f"({self.one(*PERCENT)}) | format({self.any(depth + 1)})",
            lambda: f"({self.number(depth + 1)}) | {self.one('round', 'round(1)', 'round(1, ' + chr(39) + 'floor' + chr(39) + ')', 'round(-1)', 'abs', 'int', 'float', 'string', 'filesizeformat', 'filesizeformat(true)')}",
        )()

    def quoted(self):
        text = self.r.choice(TEXTS)
        if self.often(0.1):
            return self.one("'\\x41\\u00e9\\n'", "'a' 'b'", "'\\'q\\''", '"\\"q\\""', "'\\101\\t\\\\'", "'\\N{BULLET}'", "'\\q'")
        quote = "'" if "'" not in text else '"'
        if quote in text or "%}" in text or "}}" in text:
            return "'z'"
        return quote + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + quote

    @staticmethod
    def postfix(text):
        return text if text.isidentifier() or text[0] in "'\"" and " ~ " not in text and " if " not in text and text.count(text[0]) == 2 else f"({text})"

    def slice(self):
        part = lambda: self.one("", "", "0", "1", "2", "-1", "-2", "5", "100", "-100")
        if self.often(0.3):
            return self.one("0", "-1", "1", "2")
        return f"{part()}:{part()}" if self.often(0.6) else f"{part()}:{part()}:{self.one('', '1', '2', '-1', '-2', '3')}"

    def percent_operand(self, depth):
        return self.one(
            lambda: self.any(depth + 1) if self.often(0.5) else f"({self.any(depth + 1)})",
            lambda: f"({self.number(depth + 1)})",
            lambda: f"({self.text(depth + 1)}, {self.number(depth + 1)})",
            lambda: f"{{'k': {self.any(depth + 1)}}}",
        )()

    def integer(self, depth=0):
        if depth > 2 or self.often(0.4):
            return self.one("n", "0", "1", "-1", "7", "1_000", "0x1F", "0b101", "0o17", "loop.index" if self.loops else "3", "true")
        return self.one(
            lambda: f"({self.integer(depth + 1)} {self.one('+', '-', '*', '//', '%')} {self.integer(depth + 1)})",
            lambda: f"({self.any(depth + 1)}) | length",
            lambda: f"({self.sequence(depth + 1)}) | {self.one('length', 'count', 'sum', 'max', 'min', 'first', 'last')}",
            lambda: f"({self.any(depth + 1)}) | int{self.one('', '(5)', '(default=-1)', '(0, 16)', '(base=2)')}",
            lambda: f"{self.postfix(self.text(depth + 1))}.{self.one('find', 'rfind', 'index', 'count')}({self.text(depth + 1)})",
            lambda: f"({self.integer(depth + 1)}) ** {self.one('2', '3', '-1', '0')}",
            lambda: f"-{self.integer(depth + 1)}" if self.often(0.5) else f"+({self.integer(depth + 1)})",
            lambda: f"({self.sequence(depth + 1)}).{self.one('index', 'count')}({self.any(depth + 1)})",
        )()

    def number(self, depth=0):
        if self.often(0.5):
            return self.integer(depth)
        if depth > 2 or self.often(0.5):
            return self.one("f", "1.5", "-0.5", "1e3", "2.0", "1.5e-5", "3.0e10", "0.1", "1_0.5")
        return self.one(
            lambda: f"({self.number(depth + 1)} {self.one('+', '-', '*', '/', '//', '%', '**')} {self.number(depth + 1)})",
            lambda: f"({self.any(depth + 1)}) | float{self.one('', '(1.5)', '(default=none)')}",
            lambda: f"({self.number(depth + 1)}) | {self.one('abs', 'round', 'round(2)', 'round(0, ' + chr(39) + 'ceil' + chr(39) + ')')}",
        )()

    def truth(self, depth=0):
        if depth > 2 or self.often(0.2):
            return self.one("yes", "no", "nil", "s", "n", "l", "d", "true", "false", "none", "nope is defined", "messages", "loop.first" if self.loops else "yes")
        a = lambda: self.any(depth + 1)
        return self.one(
            lambda: f"{self.number(depth + 1)} {self.one('<', '<=', '>', '>=', '==', '!=')} {self.number(depth + 1)}",
            lambda: f"{self.number(depth + 1)} < {self.number(depth + 1)} <= {self.number(depth + 1)}",
            lambda: f"{self.text(depth + 1)} {self.one('<', '>=', '==', '!=')} {self.text(depth + 1)}",
            lambda: f"{a()} {self.one('==', '!=')} {a()}",
            lambda: f"{self.text(depth + 1)} {self.one('in', 'not in')} {self.one(self.text(depth + 1), self.sequence(depth + 1), 'd')}",
            lambda: f"not {self.truth(depth + 1)}",
            lambda: f"({self.truth(depth + 1)} {self.one('and', 'or')} {self.truth(depth + 1)})",
            lambda: f"{self.one('s', 'nope', 'd.role', 'd.nope', 'l', 'n', 'f', 'nil', 'yes', 'd', 'rows', 'messages[0].content')} is {self.one('', 'not ')}{self.one('defined', 'undefined', 'none', 'string', 'number', 'integer', 'float', 'boolean', 'mapping', 'sequence', 'iterable', 'true', 'false', 'callable', 'escaped')}",
            lambda: f"{self.integer(depth + 1)} is {self.one('even', 'odd', 'divisibleby 3', 'divisibleby(2)', 'eq 1', 'gt 0', 'le(5)', 'in [0, 1, 7]', 'sameas 1', 'ne 2', 'lt 3')}",
            lambda: f"{self.text(depth + 1)} is {self.one('lower', 'upper', 'in ' + chr(39) + 'abc' + chr(39), 'filter', 'test', 'equalto ' + chr(39) + 'a' + chr(39))}",
            lambda: f"{self.postfix(self.text(depth + 1))}.{self.one('isdigit', 'isalpha', 'isalnum', 'isspace', 'isupper', 'islower', 'istitle', 'isnumeric', 'isdecimal', 'isidentifier', 'isascii', 'isprintable')}()",
            lambda: f"{self.postfix(self.text(depth + 1))}.{self.one('startswith', 'endswith')}({self.one(self.text(depth + 1), '(' + self.text(depth + 1) + ', ' + self.text(depth + 1) + ')')}{self.one('', '', ', 1', ', 0, 2')})",
        )()

    def sequence(self, depth=0):
        if depth > 2 or self.often(0.25):
            return self.one("l", "nums", "words", "rows", "[]", "range(3)", "range(4, 0, -2)", "[1, 'a', none]", "('t', 1)", "messages", "'abc'", "d")
        q = lambda: self.sequence(depth + 1)
        return self.one(
            lambda: f"({q()}) | {self.one('list', 'reverse | list', 'sort', 'sort(reverse=true)', 'unique | list', 'unique(true) | list', 'batch(2) | list', 'batch(2, 0) | list', 'slice(2) | list', 'slice(3, 9) | list')}",
            lambda: f"(words + [{self.text(depth + 1)}])",
            lambda: f"({q()})[{self.slice()}]",
            lambda: f"{self.postfix(self.text(depth + 1))}.{self.one('split', 'rsplit')}({self.one('', chr(39) + ',' + chr(39), chr(39) + 'b' + chr(39) + ', 1', 'none, 1', 'maxsplit=1')})",
            lambda: f"{self.postfix(self.text(depth + 1))}.{self.one('splitlines()', 'splitlines(true)', 'partition(' + chr(39) + 'b' + chr(39) + ')', 'rpartition(' + chr(39) + ',' + chr(39) + ')')}",
            lambda: f"words | map('{self.one('upper', 'length', 'trim', 'title', 'reverse', 'first', 'int', 'tojson', 'list')}') | list",
            lambda: f"rows | map(attribute='{self.one('g', 'v', 'o.p', 'nope')}'{self.one('', ', default=0', ', default=none')}) | list",
            lambda: f"rows | {self.one('selectattr', 'rejectattr')}('{self.one('g', 'v', 'o.p')}'{self.one('', ', ' + chr(39) + 'equalto' + chr(39) + ', ' + chr(39) + 'x' + chr(39), ', ' + chr(39) + 'none' + chr(39), ', ' + chr(39) + 'in' + chr(39) + ', [1, ' + chr(39) + 'q' + chr(39) + ']')}) | list",
            lambda: f"l | {self.one('select', 'reject')}({self.one('', chr(39) + 'string' + chr(39), chr(39) + 'number' + chr(39), chr(39) + 'none' + chr(39), chr(39) + 'mapping' + chr(39), chr(39) + 'eq' + chr(39) + ', 1')}) | list",
            lambda: f"rows | sort(attribute='{self.one('v', 'o.p', 'v,o.p', 'g')}'{self.one('', ', reverse=true', ', case_sensitive=true')})",
            lambda: f"rows | groupby('{self.one('g', 'v', 'o.p')}'{self.one('', ', default=' + chr(39) + chr(39), ', case_sensitive=true')}) | list",
            lambda: f"d | {self.one('dictsort', 'dictsort(true)', 'dictsort(by=' + chr(39) + 'value' + chr(39) + ')', 'dictsort(reverse=true)', 'items | list')}",
            lambda: f"d.{self.one('items()', 'keys()', 'values()')} | list",
            lambda: f"[{self.any(depth + 1)}, {self.any(depth + 1)}]",
            lambda: f"({self.any(depth + 1)}, {self.any(depth + 1)})",
        )()

    def any(self, depth=0):
        return self.one(
            lambda: self.text(depth),
            lambda: self.text(depth),
            lambda: self.number(depth),
            lambda: self.sequence(depth),
            lambda: f"({self.truth(depth)})",
            lambda: self.one("nil", "none", "d", "l", "nope", "d.role", "d['nope']", "d.get('role', 0)", "messages[-1]", "{'k': 1, 2: [none]}", "dict(a=1)", "d.items()", "l[0]", "rows[0].o", "nope.deep" if self.often(0.2) else "s"),
        )()

    # Statements

    def body(self, depth=0):
        return "".join(self.statement(depth + 1) for _ in range(self.r.randint(1, 2)))

    def space(self):
        return self.one("", "", "", " ", "\n", "\n  ", "\t", " \n", "x", "x\n")

    def tag(self, inside):
        return self.one("{% ", "{% ", "{% ", "{%- ", "{%+ ", "{%") + inside + self.one(" %}", " %}", " %}", " -%}", " +%}", "%}")

    def print(self, expression):
        return self.one("{{ ", "{{ ", "{{- ", "{{") + expression + self.one(" }}", " }}", " -}}", "}}")

    def statement(self, depth=0):
        if depth > 2 or self.often(0.45):
            return self.space() + self.print(self.any()) + self.space()
        t = self.tag
        return self.space() + self.one(
            lambda: self.for_loop(depth),
            lambda: self.for_loop(depth),
            lambda: t(f"if {self.truth()}") + self.body(depth) + self.one("", t(f"elif {self.truth()}") + self.body(depth)) + self.one("", t("else") + self.body(depth)) + t("endif"),
            lambda: self.set_then_use(depth),
            lambda: t("set b") + self.body(depth) + t("endset") + "[{{ b }}|{{ b | length }}]",
            lambda: t(f"set b | {self.one('upper', 'trim', 'length', 'replace(' + chr(39) + 'a' + chr(39) + ', ' + chr(39) + '_' + chr(39) + ')')}") + self.body(depth) + t("endset") + "[{{ b }}]",
            lambda: "{% set ns = namespace(v=" + self.any() + ") %}{% for i in " + self.sequence() + " %}{% set ns.v = " + self.any() + " %}{% endfor %}{{ ns.v }}",
            lambda: t(f"macro m(a, b={self.any(2)}, c='q')") + "{{ a }}/{{ b }}/{{ c }}" + self.one("", "{{ varargs }}", "{{ kwargs }}", "{{ caller() if caller is defined }}") + t("endmacro") + self.print(f"m({self.one('', 'c=1', self.any(1), self.any(1) + ', c=1', 'a=1, b=2', '1, 2, 3, 4', 'z=1')})"),
            lambda: "{% macro w(x) %}<{{ caller(x) }}>{% endmacro %}{% call(y) w(" + self.any(1) + ") %}" + "{{ y }}" + self.body(depth) + "{% endcall %}",
            lambda: t(f"with s = {self.text()}, q = {self.any(1)}") + "{{ s }}{{ q }}" + self.body(depth) + t("endwith") + "{{ s }}{{ q is defined }}",
            lambda: t(f"filter {self.one('upper', 'trim', 'replace(' + chr(39) + 'a' + chr(39) + ',' + chr(39) + 'b' + chr(39) + ')', 'title', 'indent(2, true)')}") + self.body(depth) + t("endfilter"),
            lambda: self.one("{# note #}", "{#- note -#}", "{# a\nb #}\n") + self.space(),
            lambda: self.one("{% raw %}", "{%- raw -%}") + self.one("{{ raw }}", " {% x %}\n") + self.one("{% endraw %}", "{%- endraw -%}"),
            lambda: t("generation") + self.body(depth) + t("endgeneration"),
            lambda: t(f"if {self.truth()}") + "{{ raise_exception(" + self.text() + ") }}" + t("endif"),
        )()

    def set_then_use(self, depth):
        if self.often(0.3):
            return self.tag(f"set u, v = {self.one('(' + self.any() + ', ' + self.any() + ')', chr(39) + 'ab' + chr(39), 'nums')}") + "{{ u }}+{{ v }}"
        return self.tag(f"set x = {self.any()}") + self.body(depth) + "{{ x }}" + self.one("", "{{ x is string }}", "{{ x | tojson }}", "{{ [x] }}")

    def for_loop(self, depth):
        self.loops += 1
        self.names.append("loop_var")
        over, target = self.one(
            (self.sequence(), "loop_var"), ("messages", "loop_var"), ("d.items()", "k, loop_var"), ("words", "loop_var"), ("rows", "loop_var")
        )
        guard = f" if {self.truth()}" if self.often(0.2) else ""
        shown = self.one("{{ loop_var }}", "{{ loop.index }}{{ loop.last }}", "{{ loop.index0 }}/{{ loop.length }}/{{ loop.revindex }}", "{{ loop.previtem }}>{{ loop.nextitem }}", "{{ loop.changed(loop_var) }}", "{{ loop.cycle('a', 'b') }}", "{{ loop_var.role }}", "{{ loop_var.content | string | trim }}", "{{ loop_var['v'] }}", "{{ loop.depth }}", "")
        flow = self.one("", "", "", "{% if loop.index > 1 %}{% break %}{% endif %}", "{% if loop_var == 1 %}{% continue %}{% endif %}")
        made = self.tag(f"for {target} in {over}{guard}") + flow + shown + self.body(depth) + self.one("", "", self.tag("else") + "none") + self.tag("endfor")
        self.loops -= 1
        self.names.pop()
        return made + self.one("", "{{ loop_var is defined }}")


PERCENT = ["'%s'", "'%r'", "'%d'", "'%5.2f|'", "'%-8s|'", "'%+d'", "'%x'", "'%%'", "'%s %s'", "'%(k)s'", "'%08.3f'", "'%e'", "'%g'", "'%c'",
           "'%5s|'", "'%.2s'", "'%i'", "'%o'", "'%X'", "'%#x'", "'%a'", "'% d'", "'%G'", "'%*d'"]
BRACES = ["'{}'", "'{0}{1}'", "'{k}'", "'{:>8}|'", "'{1:05d}'", "'{1:,}'", "'{0!r}'", "'{1:+}'", "'{k!s:*^9}'", "'{{}}'", "'{1:x}'", "'{1:e}'",
          "'{1:.2f}'", "'{1:%}'", "'{0:{1}}'", "'{1:_}'", "'{:<4}{:>4}'", "'{1:b}'", "'{1:#o}'", "'{0[0]}'", "'{k.x}'", "'{1:g}'", "'{2}'"]


BY_HAND = [
    "{{ (-2) ** n }}", "{{ -2 ** 2 }}", "{{ (-2) | int ** n }}", "{{ (1 - 3) ** n }}", "{{ -2.5 ** n }}", "{{ (-2) | abs ** n }}",
    "{{ (true and -2) ** n }}", "{{ [-2][0] ** n }}", "{{ (-0.5) | round ** f }}", "{{ n ** (-2) ** n }}", "{{ -n ** 2 }}",
    "{{ d.items() is test }}", "{{ d.values() is filter }}", "{{ d.keys() is filter }}", "{{ {d.items(): 1} }}",
]


def compared(case):
    """Whether both sides must agree: no memory addresses, nothing that differs between runs."""
    shown = case.get("expected", "") + case.get("message", "")
    return " object at 0x" not in shown and "complex" not in shown and "<generator" not in shown and "<function" not in shown and len(shown) < 4000


def make(seed, count):
    cases = []
    maker = Maker(seed)
    for template in BY_HAND:
        context = {"messages": [], "tools": None, "documents": None, "add_generation_prompt": False, "n": 2, "f": 0.0, "d": {"a": 1}}
        case = {"name": f"found-{len(cases):04d}", "template": template, "context": context}
        case.update(reference(template, context))
        cases.append(case)
    while len(cases) < count:
        context = maker.context()
        template = "".join(maker.statement() for _ in range(maker.r.randint(1, 3)))
        if any(word in template for word in ("lipsum", "random", "pprint")):
            continue
        case = {"name": f"found-{len(cases):04d}", "template": template}
        used = {"messages", "tools", "documents", "add_generation_prompt"}
        case["context"] = {k: v for k, v in context.items() if k in used or k in template}
        case.update(reference(template, case["context"]))
        if compared(case):
            cases.append(case)
    return cases


def operations(case):
    """What a template uses: its words and operators in pairs of neighbours, and how it ends."""
    words = re.findall(r"[a-z_]+|[^\sa-z_'\"0-9]+", re.sub(r"'[^']*'|\"[^\"]*\"", "'", case["template"]))
    return {f"{a} {b}" for a, b in zip(words, words[1:])} | {case.get("message", "")[:40]}


def worth(case, seen):
    """New operations for the length; a template that ends in an error shows less of them than one that renders."""
    return len(operations(case) - seen) / (100 + len(json.dumps(case))) * (0.3 if "error" in case else 1)


def keep(cases, count):
    """The cases that add most for their length, the first ones first."""
    kept, seen = [], set()
    for _ in range(min(count, len(cases))):
        best = max(cases[: len(BY_HAND) - len(kept)] or cases, key=lambda case: worth(case, seen))
        cases.remove(best)
        kept.append(best)
        seen |= operations(best)
    return sorted(kept, key=lambda case: case["name"])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--cases", type=int, default=300)
    options.add_argument("--keep", type=int, help="how many to keep; all without it")
    options.add_argument("--out", required=True)
    given = options.parse_args()
    cases = make(given.seed, given.cases)
    if given.keep:
        cases = keep(cases, given.keep)
    about = {"jinja2": jinja2.__version__, "python": sys.version.split()[0], "seed": given.seed, "environment": "transformers 5.18.0"}
    with open(given.out, "w", encoding="ascii", newline="\n") as out:
        rows = ",\n".join(json.dumps(case) for case in cases)
        out.write('{"about": ' + json.dumps(about) + ', "cases": [\n' + rows + "\n]}\n")


if __name__ == "__main__":
    main()
