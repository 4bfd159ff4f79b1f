if vim.g.loaded_inlinelens then
  return
end
vim.g.loaded_inlinelens = true

require("inlinelens").start()
