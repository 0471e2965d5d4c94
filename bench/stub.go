package main

func realPark([]string) error { return nil }
