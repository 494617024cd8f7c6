using System.Runtime.InteropServices;

namespace Quorate.Hosting.Files;

/// <summary>Files that are whole after a power loss: written beside, flushed, renamed, and the directory flushed.</summary>
public static partial class DurableFile
{
    private const int OpenReadOnly = 0;
    private const int OpenCloseOnExec = 0x80000;

    /// <summary>Replaces a file. Whatever ends this call leaves the old content or the new one.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string beside = $"{path}.new";
        using (FileStream file = new(beside, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
    }

    private static void FlushDirectory(string directory)
    {
        int descriptor = Open(directory, OpenReadOnly | OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"open {directory}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        int result = Flush(descriptor);
        string failure = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"fsync {directory}: {failure}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
