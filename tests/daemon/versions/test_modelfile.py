"""The Modelfile: Ollama asks as the model's own template would, or it is left to Ollama."""

from __future__ import annotations

import copy

import pytest

from sleepy.daemon.model.language_model import LanguageModel
from sleepy.daemon.model.request import Format
from sleepy.daemon.versions.modelfile import modelfile

TURN = "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
END = "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
FIRST = (
    "{% if loop.first and m.role != 'system' %}<|im_start|>system\nYou are kind.<|im_end|>\n{% endif %}"  # as SmolLM2
)
QUOTES = '"""'


def said(model: LanguageModel, template: str | None, form: Format = Format.WHOLE_FILE) -> str:
    tokenizer = copy.deepcopy(model.tokenizer)
    tokenizer.chat_template = template
    return modelfile("model.gguf", "A mistake", LanguageModel("m", model.model, tokenizer, form))


@pytest.mark.parametrize(("first", "system"), [("", None), (FIRST, "You are kind.")])
def test_chatml_becomes_ollamas(first: str, system: str | None, tiny: LanguageModel) -> None:
    text = said(tiny, f"{{% for m in messages %}}{first}{TURN}{{% endfor %}}{END}")
    assert text.startswith("# A mistake\nFROM ./model.gguf\nTEMPLATE")
    assert (
        'TEMPLATE """{{ range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n'
        '{{ end }}<|im_start|>assistant\n"""\n'
    ) in text
    assert ("SYSTEM" in text) is (system is not None) and (system is None or f'SYSTEM """{system}"""\n' in text)
    assert text.endswith(
        'PARAMETER stop "⟦end⟧"\nPARAMETER stop "<|im_end|>"\nPARAMETER temperature 0\nPARAMETER num_ctx 2048\n'
    )


@pytest.mark.parametrize(
    "template",
    [
        "{% for m in messages %}[INST] {{ m.content }} [/INST]{% endfor %}",
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('none') }}{% endif %}"
        f"{TURN}{{% endfor %}}{END}",
        f"{{% for m in messages %}}{TURN}{{% endfor %}}{END}<think>\n",
        f"Today is Friday.{{% for m in messages %}}{TURN}{{% endfor %}}{END}",
        f"{{% if messages | length == 1 %}}Hello.{{% endif %}}{{% for m in messages %}}{TURN}{{% endfor %}}{END}",
        f"{{% for m in messages %}}{FIRST.replace('kind', QUOTES)}{TURN}{{% endfor %}}{END}",
    ],
    ids=["another", "no system", "thinks first", "a preface", "a preface to one", "quotes"],
)
def test_no_other_template_is_passed_off_as_chatml(template: str, tiny: LanguageModel) -> None:
    text = said(tiny, template)
    assert "\nTEMPLATE" not in text and "SYSTEM" not in text and "is not ChatML" in text
    assert text.endswith('PARAMETER stop "⟦end⟧"\nPARAMETER temperature 0\nPARAMETER num_ctx 2048\n')


@pytest.mark.parametrize(("template", "form"), [(None, Format.WHOLE_FILE), (TURN, Format.CHOICE)])
def test_raw_prompts_are_the_template(template: str | None, form: Format, tiny: LanguageModel) -> None:
    assert '\nTEMPLATE """{{ .Prompt }}"""\n' in said(tiny, template, form)
