"""Tasks: each kind of work as prepare, complete, splice. A task never knows that it is a job."""
