"""Azure question answering and its forerunner QnA Maker: their queries and answers."""
