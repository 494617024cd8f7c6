namespace Quorate.Contracts;

/// <summary>An identifier that travels as plain text in JSON and in the database.</summary>
public interface IText<TSelf> where TSelf : struct, IText<TSelf>
{
    /// <summary>The text as it travels.</summary>
    string Value { get; }

    /// <summary>Reads the text as it travels.</summary>
    static abstract TSelf FromText(string text);
}
