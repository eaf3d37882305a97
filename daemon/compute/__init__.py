"""What the model computes with on this machine: the device, the precision, the threads."""
