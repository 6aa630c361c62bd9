"""The daemon's door: gRPC in, the queue's own words behind it. The only room that imports grpc."""
