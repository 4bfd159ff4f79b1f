package resolve

import "github.com/inlinelens/inlinelens/internal/inline"

// Function returns the function that the package's source declares under a name
// within the package ("(*Client).Do", "Errorf"), nil if there is none.
func (k *Linkable) Function(name string) *inline.Function { return k.funcs[name] }
