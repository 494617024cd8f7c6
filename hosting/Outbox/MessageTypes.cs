namespace Quorate.Hosting.Outbox;

/// <summary>The names under which message types are stored: full name and assembly, without versions.</summary>
internal static class MessageTypes
{
    public static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    /// <exception cref="InvalidOperationException">The type is gone: a row of another version of this program.</exception>
    public static Type Find(string name) =>
        Type.GetType(name) ?? throw new InvalidOperationException($"no message type '{name}' in this program");

    /// <summary>The short name that logs and crash points use.</summary>
    public static string ShortName(string name) => name.Split(',')[0].Split('.', '+')[^1];
}
