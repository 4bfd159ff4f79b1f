-- The command :InlineLens and its subcommands.
local M = {}

local request = require("inlinelens.request")

-- The largest width of a floating window.
local width = 110

-- explain shows everything known about the call or function at the cursor.
local function explain()
  request.command("inlinelens.explain", function(content)
    if not content or content.value == "" then
      vim.notify("inlinelens: nothing is known at the cursor", vim.log.levels.INFO)
      return
    end
    vim.lsp.util.open_floating_preview(
      require("inlinelens.page").lines(content.value, width),
      content.kind == "markdown" and "markdown" or "",
      { border = "rounded", focus_id = "inlinelens.explain", max_width = width }
    )
  end)
end

-- item returns an entry of the quickfix list.
local function item(call, prefix)
  return {
    filename = vim.uri_to_fname(call.uri),
    lnum = call.range.start.line + 1,
    col = call.range.start.character + 1,
    text = prefix .. call.callee .. ": " .. call.label,
  }
end

-- calls lists the calls in the function at the cursor, and the calls of it.
local function calls()
  request.here("inlinelens/calls", function(list)
    if not list or not list["function"] and #list.calls == 0 then
      vim.notify("inlinelens: no calls are known at the cursor", vim.log.levels.INFO)
      return
    end
    local items = {}
    for _, call in ipairs(list.calls) do
      items[#items + 1] = item(call, "")
    end
    for _, call in ipairs(list.calledFrom) do
      items[#items + 1] = item(call, "in " .. call.caller .. ": ")
    end
    local name = list["function"] and list["function"].name or "initializers"
    if #items == 0 then
      vim.notify(
        ("inlinelens: %s calls nothing, and nothing in its package calls it"):format(name),
        vim.log.levels.INFO
      )
      return
    end
    vim.fn.setqflist({}, " ", { title = "calls: " .. name, items = items })
    vim.cmd("botright copen")
  end)
end

-- preset marks the calls of the next preset in all buffers.
local function preset()
  local client, buffer = request.of_buffer()
  if not client then
    return
  end
  request.send(client, "workspace/executeCommand", { command = "inlinelens.preset" }, buffer, function(state)
    if not state then
      return
    end
    -- The server tells the counts a moment later.
    vim.wait(1000, function()
      return require("inlinelens.status").preset() == state.preset
    end, 10)
    vim.notify("inlinelens: " .. (require("inlinelens.status").hints(buffer) or state.title))
  end, true)
end

-- toggle shows or hides the hints of all buffers.
local function toggle()
  local client, buffer = request.of_buffer()
  if not client then
    return
  end
  request.send(client, "workspace/executeCommand", { command = "inlinelens.toggleHints" }, buffer, function(result)
    vim.notify(result and result.shown and "inlinelens: hints shown" or "inlinelens: hints hidden")
  end, true)
end

-- report shows the output of inlinelens report for the buffer's package in a new buffer.
local function report()
  local config = require("inlinelens.config")
  local missing = config.missing()
  if missing then
    vim.notify(missing, vim.log.levels.ERROR)
    return
  end
  local program = config.get().cmd[1]
  local dir = vim.fs.dirname(vim.api.nvim_buf_get_name(0))
  vim.system({ program, "report", "." }, { cwd = dir, text = true }, function(run)
    vim.schedule(function()
      if run.code > 1 then
        vim.notify(vim.trim(run.stderr or ""), vim.log.levels.ERROR)
        return
      end
      vim.cmd("botright new")
      local buffer = vim.api.nvim_get_current_buf()
      vim.bo[buffer].buftype, vim.bo[buffer].bufhidden, vim.bo[buffer].swapfile = "nofile", "wipe", false
      vim.api.nvim_buf_set_name(buffer, "inlinelens report " .. dir)
      local text = vim.trim((run.stderr or "") .. "\n" .. (run.stdout or ""))
      vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, "\n"))
      vim.bo[buffer].modifiable = false
      vim.wo.wrap = false -- the report is a table
    end)
  end)
end

local commands = {
  explain = explain,
  calls = calls,
  preset = preset,
  toggle = toggle,
  report = report,
  cost = function()
    require("inlinelens.cost").toggle()
  end,
}

function M.define()
  vim.api.nvim_create_user_command("InlineLens", function(arguments)
    local name = arguments.fargs[1]
    if not commands[name] then
      vim.notify(
        ("inlinelens: unknown subcommand %q; the subcommands are: %s"):format(
          name,
          table.concat(vim.fn.sort(vim.tbl_keys(commands)), ", ")
        ),
        vim.log.levels.ERROR
      )
      return
    end
    commands[name]()
  end, {
    nargs = 1,
    desc = "What the Go compiler inlined, and why",
    complete = function(lead)
      return vim.tbl_filter(function(name)
        return vim.startswith(name, lead)
      end, vim.fn.sort(vim.tbl_keys(commands)))
    end,
  })
end

return M
