module github.com/inlinelens/inlinelens/lenstest

go 1.22
