using System.Security.Cryptography;
using System.Text;

namespace Quorate.Hosting.Sagas;

/// <summary>The saga id of a name: the same in every process, so that no table maps one to the other.</summary>
public static class DeterministicGuid
{
    private const int GuidBytes = 16;

    /// <summary>The first 128 bits of the SHA-256 of the text's UTF-8 bytes.</summary>
    public static Guid From(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, GuidBytes), bigEndian: true);
}
