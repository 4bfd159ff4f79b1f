// Takes the pictures of docs/settings.md: pages of real code with the default hints, into
// docs/pictures/hints/. scripts/pictures.sh runs it.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Editor, repository } from '../e2e/editor.ts'
import { installed } from '../e2e/vsix.ts'
import { copyOfGo, Folder } from '../e2e/workspace.ts'

const into = join(repository, 'docs', 'pictures', 'hints')
mkdirSync(into, { recursive: true })

const themes = [
  ['dark', 'Dark Modern', 'vs-dark'],
  ['light', 'Light Modern', 'vs'],
  ['contrast', 'Default High Contrast', 'hc-black'],
] as const

/** A copy of a module of the module proxy. */
function moduleCopy(version: string): Folder {
  const folder = new Folder()
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', version], { encoding: 'utf8' })) as {
    Dir: string
  }
  cpSync(Dir, folder.path, { recursive: true, mode: 0 })
  execFileSync('chmod', ['-R', 'u+w', folder.path])
  return folder
}

/** A handler as people write them. */
function handler(): Folder {
  const folder = new Folder()
  folder.write('go.mod', 'module example.com/orders\n\ngo 1.26\n')
  folder.write(
    'handler.go',
    `package orders

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type Order struct {
	ID    int       \`json:"id"\`
	Item  string    \`json:"item"\`
	Price float64   \`json:"price"\`
	Due   time.Time \`json:"due"\`
}

var errNotFound = errors.New("no such order")

type Store interface {
	Order(id int) (Order, error)
}

func (o Order) Overdue(now time.Time) bool { return now.After(o.Due) }

func (o Order) Total(count int) float64 { return o.Price * float64(count) }

func parseID(path string) (int, error) {
	return strconv.Atoi(strings.TrimPrefix(path, "/orders/"))
}

func Handler(store Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := parseID(r.URL.Path)
		if err != nil {
			http.Error(w, "bad id", http.StatusBadRequest)
			return
		}
		order, err := store.Order(id)
		if errors.Is(err, errNotFound) {
			http.NotFound(w, r)
			return
		}
		if order.Overdue(time.Now()) {
			slog.Warn("overdue", "id", id, "total", order.Total(1))
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(order); err != nil {
			slog.Error("encode", "err", err)
		}
	}
}
`,
  )
  return folder
}

const pages: { name: string; folder: () => Folder; file: string; text: string }[] = [
  { name: 'net-http', folder: copyOfGo, file: 'src/net/http/client.go', text: 'func (c *Client) do(' },
  {
    name: 'gin',
    folder: () => moduleCopy('github.com/gin-gonic/gin@v1.12.0'),
    file: 'gin.go',
    text: 'func (engine *Engine) handleHTTPRequest(',
  },
  {
    name: 'nats-server',
    folder: () => moduleCopy('github.com/nats-io/nats-server/v2@v2.15.3'),
    file: 'server/parser.go',
    text: 'func (c *client) parse(',
  },
  { name: 'handler', folder: handler, file: 'handler.go', text: 'func (o Order) Overdue(' },
]

for (const page of pages) {
  const folder = page.folder()
  const editor = await Editor.start({
    name: `hints-${page.name}`,
    folder: folder.path,
    extensions: installed.alone,
    env: { PATH: `${join(folder.path, 'bin')}:${process.env['PATH']}`, GOROOT: undefined, GOTOOLCHAIN: 'local' },
    settings: { 'workbench.activityBar.location': 'hidden', 'window.commandCenter': false },
  })
  try {
    await editor.page.setViewportSize({ width: 1280, height: 720 })
    await editor.run('View: Close Primary Side Bar')
    const { line } = folder.find(page.file, page.text)
    await editor.open(page.file, line)
    await editor.lens(/inlinable/)
    await editor.line(/[✓✗]/)
    await editor.goTo(line + 12)
    for (const [name, theme, kind] of themes) {
      editor.settings({ 'workbench.colorTheme': theme })
      await editor.page.waitForSelector(`.monaco-workbench.${kind}`)
      await editor.line(/[✓✗]/)
      await editor.page.screenshot({ path: join(into, `${page.name}-${name}.png`) })
    }
  } finally {
    await editor.close()
    folder.remove()
  }
}
