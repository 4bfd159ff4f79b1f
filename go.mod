module github.com/inlinelens/inlinelens

go 1.26
