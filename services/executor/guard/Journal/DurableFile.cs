using Quorate.Executor.Guard.Native;

namespace Quorate.Executor.Guard.Journal;

/// <summary>Files that are whole after a power loss: written beside, flushed, renamed, and the directory flushed.</summary>
internal static class DurableFile
{
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string beside = $"{path}.new";
        using (FileStream file = new(beside, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(path) ?? "/");
    }

    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Delete(string path)
    {
        File.Delete(path);
        FlushDirectory(Path.GetDirectoryName(path) ?? "/");
    }

    private static void FlushDirectory(string directory)
    {
        int descriptor = Libc.Open(directory, Libc.OpenReadOnly | Libc.OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw Libc.Failure($"open {directory}");
        }

        int result = Libc.Flush(descriptor);
        _ = Libc.Close(descriptor);
        if (result != 0)
        {
            throw Libc.Failure($"fsync {directory}");
        }
    }
}
