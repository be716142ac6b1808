package commands

import (
	"maps"
	"slices"
)

// guard refuses a line that holds patients' data or a secret, before anything of it is looked up,
// stored or relayed. The reply names the class and tells how to say it without; the log gets the class
// only.
func (c *Call) guard() *Reply {
	texts := []string{c.Line.Text, c.Line.Command}
	for _, name := range slices.Sorted(maps.Keys(c.Line.Args)) {
		texts = append(texts, c.Line.Args[name], name)
	}
	for _, f := range c.Line.Files {
		texts = append(texts, f.Name)
	}
	for _, text := range texts {
		if class, found := c.h.desk.Guard(text); found {
			c.h.desk.Logger().Info("a line was refused by the guard", "class", class, "person", c.Person.ID)
			reply := c.refuse("guard." + string(class))
			reply.Guarded = true
			return &reply
		}
	}
	return nil
}
