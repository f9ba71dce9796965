"""What people say to each other about an object: « entre nous » or shared, with files and mentions."""
