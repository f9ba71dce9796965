"""Support requests: asked from anywhere, sent to whoever answers, followed to their result, measured."""
