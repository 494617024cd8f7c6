using Quorate.Rmtab.Core.Tables;

namespace Quorate.Rmtab.Service.MountPoints;

/// <summary>One mount point whose clients are kept in step between the node's table and the copy that travels with the file system.</summary>
/// <remarks>Source: rgmanager.md 7.3 and 7.4. Not for use by two threads at once.</remarks>
public interface IMountPoint
{
    /// <summary>The directory, absolute, without a trailing slash.</summary>
    string Path { get; }

    /// <summary>Before the export comes up: merges the private copy, the node's table and what others know, and writes both files.</summary>
    /// <param name="known">What the bus knows of this mount point's clients.</param>
    /// <returns>The clients below the mount point, and what could not be done; nothing is thrown for a file that cannot be used.</returns>
    KeepingResult Initialize(ClientTable known);

    /// <summary>Brings the private copy up to what the node's table says now.</summary>
    KeepingResult Synchronize();
}
