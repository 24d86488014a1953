#!/usr/bin/env python3
"""Makes sentencepiece.model, a small tokenizer of LLaMA's kind, and sentencepiece-goldens.json: its ids of some texts.

    pip install sentencepiece && python make_sentencepiece.py
"""
import json, pathlib, random
import sentencepiece as spm

HERE = pathlib.Path(__file__).resolve().parent
r = random.Random(5)
WORDS = "the a red green circle house is it's there are don't 12 345 on in of image , . ? ! über café USER: ASSISTANT: What is shown".split()
corpus = [" ".join(r.choice(WORDS) for _ in range(r.randint(1, 12))) for _ in range(2000)]
spm.SentencePieceTrainer.train(
    sentence_iterator=iter(corpus), model_prefix=str(HERE / "sentencepiece"), vocab_size=440, model_type="bpe", byte_fallback=True,
    normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=True, split_digits=True,
    allow_whitespace_only_pieces=True, character_coverage=0.99995, num_threads=1, minloglevel=2)
(HERE / "sentencepiece.vocab").unlink()
sp = spm.SentencePieceProcessor(model_file=str(HERE / "sentencepiece.model"))
texts = ["", "a", " ", "   two  spaces ", "Hello 🦙 世界", "tab\tand\nnewline", "line\r\nend ", "</s><s><unk>", "<0x41>", "▁▁x▁", "x" * 300, "the " * 100]
for _ in range(300):
    texts.append("".join(r.choice([r.choice(WORDS), " ", "  ", r.choice(WORDS)[:3], chr(r.randint(33, 0x3000)), "\n", "é"]) for _ in range(r.randint(1, 12))))
rows = [{"text": t, "ids": sp.encode(t)} for t in texts]
(HERE / "sentencepiece-goldens.json").write_text(json.dumps(rows, ensure_ascii=False) + "\n")
print(sp.get_piece_size(), "pieces,", len(rows), "texts")
