-- Neovim runs LuaJIT, and has its API in a global variable.
std = "luajit"
max_line_length = 120
max_cyclomatic_complexity = 20
globals = { "vim" }
