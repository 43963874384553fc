LIBS__uuid = -luuid
