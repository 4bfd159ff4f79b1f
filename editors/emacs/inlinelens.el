;;; inlinelens.el --- What the Go compiler inlined, and why -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "29.1"))
;; Keywords: languages, tools
;; URL: https://github.com/inlinelens/inlinelens

;;; Commentary:

;; Makes lsp-mode start "inlinelens serve" beside gopls in Go buffers:
;;
;;   (require 'inlinelens)
;;   (add-hook 'go-mode-hook #'lsp-deferred)
;;   (setq lsp-inlay-hint-enable t)
;;
;; Eglot connects to one server for each buffer.  To use inlinelens instead of gopls:
;;
;;   (with-eval-after-load 'eglot
;;     (add-to-list 'eglot-server-programs
;;                  '((go-mode go-ts-mode) . ("inlinelens" "serve"))))

;;; Code:

(require 'lsp-mode)

(defgroup inlinelens nil
  "What the Go compiler inlined, at what cost, and why."
  :group 'lsp-mode
  :link '(url-link "https://github.com/inlinelens/inlinelens"))

(defcustom inlinelens-command '("inlinelens" "serve")
  "The command line of the server."
  :type '(repeat string))

(defcustom inlinelens-settings nil
  "The server's settings, as a property list: docs/settings.md lists them.
For example (:hints (:style \"full\"))."
  :type 'plist)

(lsp-register-client
 (make-lsp-client
  :new-connection (lsp-stdio-connection (lambda () inlinelens-command))
  :activation-fn (lsp-activate-on "go")
  :add-on? t
  :server-id 'inlinelens
  :priority -1
  :initialization-options (lambda () inlinelens-settings)
  :synchronize-sections '("inlinelens")))

(provide 'inlinelens)
;;; inlinelens.el ends here
