"""The API at ``/api/1``: what programs read and write, by tokens that never reach further than whoever made them."""
