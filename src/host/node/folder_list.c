#include "host/node/folder_list.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "host/node/system_file.h"

static bool is_itself_or_parent(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void visit_block(const char *block, size_t length, folder_visitor visit, void *context) {
    size_t position = 0;
    while (position < length) {
        const struct dirent64 *entry = (const void *)(block + position);
        position += entry->d_reclen;
        if (!is_itself_or_parent(entry->d_name)) {
            visit(entry->d_name, context);
        }
    }
}

rein_result_void rein_i_folder_list(int descriptor, folder_visitor visit, void *context) {
    /* A new description, so that the caller's descriptor keeps its position. */
    int folder = rein_i_system_open_directory(descriptor, ".");
    if (folder < 0) {
        return rein_result_void_fail(
            rein_i_system_error(REIN_HERE, "cannot open a folder to list it", ""));
    }
    _Alignas(struct dirent64) char block[4096];
    ssize_t length = 0;
    while ((length = getdents64(folder, block, sizeof block)) > 0) {
        visit_block(block, (size_t)length, visit, context);
    }
    rein_result_void listed =
        length == 0
            ? rein_done()
            : rein_result_void_fail(rein_i_system_error(REIN_HERE, "cannot list a folder", ""));
    close(folder);
    return listed;
}
