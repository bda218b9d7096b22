"""The course's questions for the programs that students and faculty already use."""
