module llavacluster.org/programs/pause

go 1.26.0
