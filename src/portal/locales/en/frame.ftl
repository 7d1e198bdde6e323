## The frame of every page
frame-skip = Skip to the content
frame-nav = Main menu
frame-apps = Apps
frame-sign-out = Sign out
frame-language = Language
