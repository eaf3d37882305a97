"""Share against what else there is: the naive merge, two packages of the same paper, LoRA by PEFT."""
