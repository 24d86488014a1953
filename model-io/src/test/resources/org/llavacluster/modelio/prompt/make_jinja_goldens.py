#!/usr/bin/env python3
"""Writes jinja-goldens.json: templates in the manners of published checkpoints, rendered by jinja2 set up as transformers does.

    pip install jinja2 && python make_jinja_goldens.py
"""
import json, pathlib
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])

TYPED = {
    "generation": """{% for message in messages %}
{% if message['role'] == 'assistant' %}
{% generation %}{{ message['content'][0]['text'] }}{% endgeneration %}
{% else %}
{{ message['role'].upper() }}: {% for c in message['content'] %}{% if c.type == 'image' %}<image>
{% elif c['type'] == 'text' %}{{ c.text }}{% endif %}{% endfor %}

{% endif %}
{% endfor %}""",
    "loop-state": """{% for m in messages %}{{ loop.index }}/{{ loop.length }}:{{ loop.index0 }}{% if loop.first %}F{% endif %}{% if loop.last %}L{% endif %} {{ m.role }}
{% endfor %}""" + "{{ messages[0].content[-1].text }}",
    "namespace": """{% set ns = namespace(images=0, seen=false) %}{% for m in messages %}{% for c in m.content %}{% if c.type == 'image' %}{% set ns.images = ns.images + 1 %}{% set ns.seen = true %}<image>{% else %}{{ c.text }}{% endif %}{% endfor %}{% endfor %}[{{ ns.images }}{% if ns.seen %} seen{% endif %}]""",
    "system-first": """{%- if messages[0]['role'] == 'system' -%}
    {%- set system = messages[0]['content'][0]['text'] -%}
    {%- set rest = messages[1:] -%}
{%- else -%}
    {%- set system = 'Be kind.' -%}
    {%- set rest = messages -%}
{%- endif -%}
<<SYS>>{{ system | trim }}<</SYS>>
{%- for m in rest %}
    {%- if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('roles must alternate') }}
    {%- endif %}
    {{- '\\n' + m['role'] + '>' }}
    {%- for c in m['content'] if c['type'] == 'text' %} {{ c['text'].strip() }}{% endfor %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '\\nassistant>' }}
{%- endif %}
""",
    "filters": """{{ bos_token }}{% for m in messages %}{{ m.content | selectattr('type', 'equalto', 'image') | list | length }}|{{ m.content | rejectattr('type', 'equalto', 'image') | map(attribute='text') | join(' + ') }}|{{ m.role | capitalize }}|{{ (m.content | first).type }}
{% endfor %}{{ eos_token }}{{ nothing | default('none') }}""",
    "defined": """{% if tools is defined and tools %}tools{% endif %}{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}{% if date_string is not defined %}{% set date_string = '26 Jul' %}{% endif %}{{ date_string }}{% for m in messages %}{{ '<|' ~ m.role ~ '|>' }}{% if m.content is string %}{{ m.content }}{% else %}{% for c in m.content %}{{ c.text if c.type == 'text' else '<image>' }}{% endfor %}{% endif %}{{ '<|end|>' }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}""",
    "whitespace": """{% for m in messages %}
    {% if m.role == 'user' %}
U:
    {% for c in m.content %}
        {% if c.type == 'text' %}
  {{ c.text }}
        {% endif %}
    {% endfor %}
    {% else %}
A: {{- m.content[0].text -}}   

    {% endif %}
{% endfor %}

end""",
    "macro": """{% macro show(content) %}{% for c in content %}{% if c.type == 'text' %}[{{ c.text }}]{% else %}<image>{% endif %}{% endfor %}{% endmacro %}{% for m in messages %}{{ m.role }}{{ show(m.content) }};{% endfor %}""",
    "comments": """{# one #}
{% for m in messages %}{# two
lines #}
{{ m.role }}{#- three -#}  !
{% endfor %}""",
    "operators": """{% for m in messages %}{% set n = m.content | length %}{% if n > 1 and m.role in ['user', 'system'] or not m.role == 'user' %}{{ n * 2 - 1 }},{{ n % 2 }},{{ n // 2 }}{% else %}{{ n == 1 }}{% endif %};{% endfor %}{{ messages[-1].role }}{{ messages[:1] | length }}{{ messages | length >= 2 }}""",
    "strings": """{% for m in messages %}{% set t = (m.content | last).text %}{{ t.lower() }}|{{ t.split(' ')[0] }}|{{ t.split(' ')[-1] }}|{{ t.startswith('W') }}|{{ t.endswith('?') }}|{{ t.replace('i', '1') }}|{{ t.lstrip('W') }}|{{ t.title() }}|{{ t | upper }}|{{ t[:2] }}|{{ t | length }}|{{ 'is' in t }}
{% endfor %}""",
    "get-items": """{% for m in messages %}{{ m.get('name', 'anon') }}{{ m.get('role') }}{% for c in m.content %}{{ c.get('text') or '<image>' }}{% endfor %}{% if 'tool_calls' in m and m.tool_calls %}!{% endif %};{% endfor %}""",
    "nested-if": """{% for m in messages %}{% if m.role == 'system' %}S{% elif m.role == 'user' %}{% if loop.index0 == 0 or (loop.index0 == 1 and messages[0].role == 'system') %}first{% else %}next{% endif %}{% else %}A{{ eos_token }}{% endif %}{% endfor %}{% if messages[-1].role != 'assistant' and add_generation_prompt %}>{% endif %}""",
    "escapes": r"""{{ 'tab\tnew\nline "q" \'s\' back\\slash' }}{% for m in messages %}{{ "\n" }}{{ m.role }}{% endfor %}<b>&amp;""",
    "none": """{% set x = none %}{% if x is none %}N{% endif %}{% if x is not none %}!{% endif %}{{ missing }}{% if missing %}!{% endif %}{% if messages[0].name is defined %}!{% endif %}{% for m in messages %}{{ m.role[0] }}{% endfor %}""",
    "precedence": """{{ not 1 == 2 }}{{ not 'a' in 'b' }}{{ not missing is defined and not messages is string }}{{ not (messages and missing) }}{{ 'a' if not missing else 'b' }}{{ 1 + 2 * 3 - 4 }}{{ 1 + messages | length * 2 }}{{ 'a' ~ 'b' | upper }}{{ missing or 'x' }}{{ 'x' not in 'xy' or not not true }}{{ messages | length > 1 and messages[0].role != 'system' }}{{ 'do not this is text' }}""",
    "loop-if": """{% for m in messages if m.role != 'system' and not m.name is defined %}{{ loop.index }}{{ loop.last }}{{ m.role }}{% for c in m.content if c.type in ['text', 'if'] %}{{ c.text }}{% endfor %};{% endfor %}{% for k, v in {'a': 1, 'b': 2}.items() if v > 1 %}{{ k }}{{ v }}{% endfor %}""",
    "block-set": """{% set x %}[{% for m in messages %}{{ m.role }}{% endfor %}]{% endset %}{{ x | upper }}{% set a, b = 'p', 'q' %}{{ b }}{{ a }}{% for m in messages %}{% if m.role == 'assistant' %}{% break %}{% endif %}{{ m.role }}{% endfor %}""",
    "inner-loop-var": """{% for m in messages %}{% for c in m.content %}{{ loop.index }}{{ '' if loop.last else ',' }}{% endfor %}:{{ loop.index }} {% endfor %}{% for i in range(3) %}{{ i }}{% endfor %}""",
}
TEXT = {
    "vicuna": """{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = 'A chat.' %}{% endif %}{{ system_message }}{% for message in loop_messages %}{% if message['role'] == 'user' %}{{ ' USER: ' + message['content'].strip() }}{% elif message['role'] == 'assistant' %}{{ ' ASSISTANT: ' + message['content'].strip() + eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ ' ASSISTANT:' }}{% endif %}""",
    "chatml": """{% for message in messages %}{{'<|im_start|>' + message['role'] + '
' + message['content'] + '<|im_end|>' + '
'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant
' }}{% endif %}""",
    "inst": """{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}""",
    "header": """{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>

'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>

' }}{% endif %}""",
}
text, image = (lambda t: {"type": "text", "text": t}), {"type": "image"}
TALKS = [
    [{"role": "user", "content": [image, text("What is this?")]}],
    [{"role": "user", "content": [text("Look:"), image, text("  Is it red? ")]}, {"role": "assistant", "content": [text("Yes.")]}, {"role": "user", "content": [text("Why {{ 1 + 1 }} {% if %}?")]}],
    [{"role": "system", "content": [text("Be brief.\n")]}, {"role": "user", "content": [image, image, text("Compare.")]}],
]


def raise_exception(message):
    raise ValueError(message)


rows = []
for kind, templates in (("typed", TYPED), ("text", TEXT)):
    for name, template in templates.items():
        for i, talk in enumerate(TALKS):
            messages = talk if kind == "typed" else [
                {"role": m["role"], "content": "".join(c.get("text", "<image>\n") for c in m["content"])} for m in talk]
            try:
                prompt = env.from_string(template).render(
                    messages=messages, add_generation_prompt=True, bos_token="<s>", eos_token="</s>", raise_exception=raise_exception)
            except ValueError:
                continue
            rows.append({"name": f"{name}-{i}", "template": template, "messages": talk, "prompt": prompt})
path = pathlib.Path(__file__).with_name("jinja-goldens.json")
path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
print(len(rows), "rows")
