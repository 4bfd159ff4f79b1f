-- Handlers for requests and notifications from the server.
return {
  ["workspace/inlayHint/refresh"] = function(_, _, context)
    require("inlinelens.paint").refresh(context.client_id)
    return vim.NIL
  end,
  ["workspace/codeLens/refresh"] = function(_, _, context)
    require("inlinelens.paint").refresh(context.client_id)
    return vim.NIL
  end,
  ["inlinelens/status"] = function(_, params)
    require("inlinelens.status").set(params)
  end,
}
