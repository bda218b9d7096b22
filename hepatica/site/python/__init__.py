"""Python in the page: the coding exercises without installation and without a network.

`engine` brings CPython for browsers in by package name and hash, `script` writes it with the parts
of this course that the tasks need into one python.js, `tasks` reads the tasks from the students'
notebooks, and `runner` is the program that runs within the page. The page's side is
`cards/tasks.js`.
"""
