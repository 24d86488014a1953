#!/usr/bin/env python3
"""Makes byte-level.json, a small tokenizer of LLaMA-3's kind, and byte-level-goldens.json: its ids of some texts, also with special
tokens taken as plain text, which Hugging Face's Java binding cannot give.

    pip install tokenizers && python make_tokenizers.py
"""
import json, pathlib, random
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).resolve().parent
SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def corpus():
    r = random.Random(5)
    words = "the a red green circle house is it's there are don't 12 345 on in of image , . ? ! über café 世界 🦙".split()
    for _ in range(3000):
        yield " ".join(r.choice(words) for _ in range(r.randint(1, 12))) + r.choice(["", "\n", "\n\n", "  "])


def byte_level():
    tok = Tokenizer(models.BPE(ignore_merges=True))
    tok.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(SPLIT), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tok.decoder = decoders.ByteLevel()
    tok.train_from_iterator(corpus(), trainers.BpeTrainer(vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tok.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in ("<|begin_of_text|>", "<|eot_id|>")] + [AddedToken("<image>", special=True, normalized=False, lstrip=True)])
    tok.add_tokens([AddedToken("<tool>", normalized=False), AddedToken("circle!", normalized=True, single_word=True)])
    begin = tok.token_to_id("<|begin_of_text|>")
    tok.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True), processors.TemplateProcessing(single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|> $B", special_tokens=[("<|begin_of_text|>", begin)])])
    return tok


tok = byte_level()
(HERE / "byte-level.json").write_text(tok.to_str() + "\n")
plain = Tokenizer.from_str(tok.to_str()); plain.encode_special_tokens = True
texts = ["", "a", "the red circle", "<|eot_id|><image>", "x <image> y", "  <image>  ", "<tool><image><tool>", "circle! circle!s acircle!", "it's IT'S", "a\n\n b \t\r\n", "12345678", "世界 🦙 é", "<|begin_of_text|>a"]
rows = [{"text": t, "ids": tok.encode(t).ids, "ids_specials_as_text": plain.encode(t, add_special_tokens=False).ids} for t in texts]
(HERE / "byte-level-goldens.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
print(tok.get_vocab_size(), "tokens")
