package main

import "slices"

// explain measures what the cost of one function takes in a package that was
// edited, against the compiler alone up to its first escape remark, which tells
// costs but not what they are made of. A second function of the same text, and
// the same function again, have less to do.
func (r *rig) explain() ([]row, error) {
	var rows []row
	for _, c := range []struct {
		subject
		first, second string
		maxMB         int64
	}{
		{netHTTP, "(*Client).do", "(*Client).deadline", 150},
		{goTypes, "(*Checker).checkFiles", "(*Checker).initFiles", 150},
	} {
		var first, second, again, floors []sample
		for i := -1; i < r.runs; i++ {
			e, err := r.edited(r.file(c.subject))
			if err != nil {
				return nil, err
			}
			ask := func(name string) (sample, error) {
				return r.run(command{args: []string{r.program, "explain", "-overlay=" + e.overlay, c.path + "." + name}, keep: c.path + "." + name})
			}
			one, err := ask(c.first)
			if err != nil {
				return nil, err
			}
			two, err := ask(c.second)
			if err != nil {
				return nil, err
			}
			three, err := ask(c.first)
			if err != nil {
				return nil, err
			}
			_, compile, err := r.floor(c.path, e)
			if err != nil {
				return nil, err
			}
			if i < 0 {
				continue
			}
			first, second, again, floors = append(first, one), append(second, two), append(again, three), append(floors, sample{wall: compile})
		}
		const rival = "the compiler to its first escape remark"
		ours, floor := median(first), median(floors)
		next, kept := within("another function of it", rival, median(second), floor, 2), within("the first again", rival, median(again), floor, 2)
		next.goal, kept.goal = "", ""
		rows = append(rows,
			within("`explain "+c.path+"."+c.first+"` after an edit", rival, ours, floor, 2), next, kept,
			memory("peak memory of our process, `explain` in "+c.path, median(slices.Concat(first, second, again)), c.maxMB))
	}
	return rows, nil
}
