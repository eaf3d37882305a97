"""Work as jobs, and where they are done: in this process, in worker processes, on a cluster's nodes."""
