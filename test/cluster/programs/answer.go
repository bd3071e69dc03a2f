// Writes a line for each event it gets, and answers an event of type X.asked with one of type X.answered.
package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
)

func main() {
	http.HandleFunc("/", func(reply http.ResponseWriter, request *http.Request) {
		kind, id := request.Header.Get("Ce-Type"), request.Header.Get("Ce-Id")
		fmt.Printf("%s %s\n", kind, id)
		thing, asked := strings.CutSuffix(kind, ".asked")
		if !asked {
			reply.WriteHeader(http.StatusAccepted)
			return
		}
		reply.Header().Set("Ce-Specversion", "1.0")
		reply.Header().Set("Ce-Type", thing+".answered")
		reply.Header().Set("Ce-Source", "answer")
		reply.Header().Set("Ce-Id", id)
	})
	if err := http.ListenAndServe(":"+os.Getenv("PORT"), nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
